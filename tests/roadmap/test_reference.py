"""Loading the reference data: complete, twice the same, and nothing half loaded."""

import csv
import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Municipality, Province, SbiDivision, Sector, SectorSbi
from core.models import AuditEntry
from providers.models import Category, ChecklistItem
from roadmap.models import Level, Problem, Question, RoadmapCell, RoadmapCellItem, RoadmapLimit
from roadmap.reference import Reader, ReferenceFault, read_reference
from roadmap.reference.store import store
from roadmap.services import VISITOR, scan_at_once
from tests.roadmap.reference_data import FOLDER, reference
from vouchers.models import Programme

LOADED = [
    (Province, 12),
    (Municipality, 342),
    (SbiDivision, 87),
    (Sector, 14),
    (Category, 51),
    (ChecklistItem, 48),
    (RoadmapCell, 52),
    (RoadmapCellItem, 291),
    (RoadmapLimit, 6),
    (Question, 12),
    (Level, 4),
    (Problem, 13),
    (Programme, 1),
]


def load(*args, **kwargs):
    out = StringIO()
    call_command("load_reference", *args, stdout=out, stderr=out, **kwargs)
    return out.getvalue()


@pytest.mark.database
def test_loading_fills_every_table_and_a_second_time_changes_nothing(db, django_assert_max_num_queries):
    load()
    assert [(model, model.objects.count()) for model, _number in LOADED] == LOADED
    with django_assert_max_num_queries(45):
        said = load()
    assert said == "Reference data: nothing changed.\n"
    assert [(model, model.objects.count()) for model, _number in LOADED] == LOADED


@pytest.mark.database
def test_loading_repairs_what_was_changed_by_hand_and_removes_what_no_file_names(facts):
    Category.objects.filter(pk="KASSA").update(name_nl="Toonbank")
    Municipality.objects.filter(pk="GM0114").update(name="Emden")
    SectorSbi.objects.create(sector_id="DETAIL", version="2025", prefix="47.99")
    outcomes = {outcome.model: outcome for outcome in store(reference()) if not outcome.quiet}
    assert {model: (o.created, o.changed, o.removed) for model, o in outcomes.items()} == {
        str(Category._meta.verbose_name_plural): (0, 1, 0),
        str(Municipality._meta.verbose_name_plural): (0, 1, 0),
        str(SectorSbi._meta.verbose_name_plural): (0, 0, 1),
    }
    assert Category.objects.get(pk="KASSA").name_nl == "Kassasysteem en digitaal betalen"


def test_a_row_that_others_may_point_at_stays_and_is_named(facts):
    Sector.objects.create(code="RUIMTEVAART", name_nl="Ruimtevaart", name_en="Space", position=99)
    kept = [outcome.kept for outcome in store(reference()) if outcome.kept]
    assert kept == [("RUIMTEVAART",)]
    assert Sector.objects.filter(pk="RUIMTEVAART").exists()


def test_the_programme_opens_with_the_defaults_of_the_founding_document(db):
    load()
    programme = Programme.objects.get(code="digitale-trede")
    rules = programme.rule_sets.get()
    assert (programme.distribution, programme.budgets.get().ceiling) == ("counter", 2_000_000)
    assert (rules.rate, rules.cap, rules.minimum, rules.window_months) == (80, 18_000, 500, 12)


def test_every_division_of_the_sbi_2025_leads_to_exactly_one_sector(facts):
    for code in SbiDivision.objects.values_list("code", flat=True):
        assert SectorSbi.objects.filter(version="2025", prefix=code).count() == 1
        assert Sector.objects.for_sbi(code) is not None


@pytest.mark.parametrize(
    ("sbi", "sector"),
    [
        ("47.11", "DETAIL"),
        ("88.91", "ONDERWIJS"),
        ("8891", "ONDERWIJS"),
        ("88.10", "ZORG"),
        ("05", "MAAK"),
        ("09.1", "MAAK"),
        ("10.71", "AGROFOOD"),
        ("99", "ALGEMEEN"),
    ],
)
def test_the_longest_prefix_of_an_sbi_code_decides(facts, sbi, sector):
    assert Sector.objects.for_sbi(sbi).pk == sector


def test_a_range_stands_for_the_divisions_that_exist_in_it():
    maak = [row["prefix"] for row in reference().sector_sbi if row["sector_id"] == "MAAK" and row["version"] == "2025"]
    assert maak[:5] == ["05", "06", "07", "08", "09"]
    old = [row["prefix"] for row in reference().sector_sbi if row["sector_id"] == "MAAK" and row["version"] == "2008"]
    assert old[:3] == ["06", "08", "09"]  # there is no 07 in the Dutch SBI 2008
    assert "35" in maak
    assert "34" not in maak


def test_every_text_exists_in_both_languages():
    for kind, rows in vars(reference()).items():
        for row in rows:
            for name in row:
                if name.endswith("_nl"):
                    assert row[name], (kind, row)
                    assert row[f"{name[:-3]}_en"], (kind, row)


# --- Broken copies -----------------------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "reference")


def rewrite(folder, file, change):
    """Reads a file of the copy as rows of dicts, lets `change` spoil them, and writes it back."""
    path = folder / file
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        names, rows = reader.fieldnames, list(reader)
    rows = change(rows) or rows
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def put(number, **values):
    """Sets columns of row `number`, counted as an editor does: the heading is row 1."""

    def change(rows):
        rows[number - 2].update(values)

    return change


def twice(number):
    def change(rows):
        rows.append(dict(rows[number - 2]))

    return change


def without(number):
    return lambda rows: rows[: number - 2] + rows[number - 1 :]


BROKEN = [
    ("categories.csv", put(2, prerequisites="MONITOR"), r"categories.csv, row 2: .*circle: WEERBAAR needs MONITOR needs WEERBAAR"),
    ("categories.csv", put(9, prerequisites="BOEKHOUD"), r"categories.csv, row 9: .*BOEKHOUD needs BOEKHOUD"),
    ("categories.csv", put(5, prerequisites="NERGENS"), r"categories.csv, row 5: .*unknown code 'NERGENS'"),
    ("categories.csv", put(5, prerequisites="A;;B"), r"categories.csv, row 5: prerequisites"),
    ("categories.csv", put(5, min_level="7"), r"categories.csv, row 5: min_level is '7'"),
    ("categories.csv", put(5, benefit="gold"), r"categories.csv, row 5: benefit is 'gold'"),
    ("categories.csv", put(5, hardware="ja"), r"categories.csv, row 5: hardware is 'ja'"),
    ("categories.csv", put(5, name_en=""), r"categories.csv, row 5: name_en is empty"),
    ("categories.csv", twice(3), r"categories.csv, row 53: BACKUP already stands in row 3"),
    ("roadmap_cells.csv", put(4, categories="KANALEN;NIETS"), r"roadmap_cells.csv, row 4: .*unknown code 'NIETS'"),
    ("roadmap_cells.csv", put(4, categories=""), r"roadmap_cells.csv, row 4: categories is empty"),
    ("roadmap_cells.csv", put(4, categories="CRM;CRM"), r"roadmap_cells.csv, row 4: categories names 'CRM' twice"),
    ("roadmap_cells.csv", put(4, categories="KASSA"), r"roadmap_cells.csv, row 4: KASSA already stands .* level 1"),
    ("roadmap_cells.csv", put(2, categories="AI"), r"roadmap_cells.csv, row 2: AI is for level 4"),
    ("roadmap_cells.csv", put(2, sector="NIEUW"), r"roadmap_cells.csv, row 2: sector is 'NIEUW'"),
    ("roadmap_cells.csv", twice(2), r"roadmap_cells.csv, row 54: DETAIL 1 already stands in row 2"),
    ("roadmap_cells.csv", without(5), r"roadmap_cells.csv: DETAIL has no cell for level 4"),
    ("roadmap_limits.csv", put(2, category="ERP"), r"roadmap_limits.csv, row 2: category 'ERP' is in no cell"),
    ("roadmap_limits.csv", put(2, only_sbi="34"), r"roadmap_limits.csv, row 2: .*unknown SBI code '34'"),
    ("sectors.csv", put(2, sbi_2025="47;46"), r"sectors.csv, row 3: SBI 2025 46 already belongs to DETAIL"),
    ("sectors.csv", put(2, sbi_2025="48"), r"sectors.csv, row 2: .*unknown SBI division '48'"),
    ("sectors.csv", put(6, sbi_2025="05-09;13-33"), r"sectors.csv: no sector has SBI 2025 35"),
    ("sectors.csv", put(6, sbi_2025="09-05"), r"sectors.csv, row 6: '09-05' is not a division"),
    ("municipalities.csv", put(2, province="PV99"), r"municipalities.csv, row 2: province is 'PV99'"),
    ("municipalities.csv", put(2, code="1979"), r"municipalities.csv, row 2: code is '1979'"),
    ("municipalities.csv", put(2, lat="NaN"), r"municipalities.csv, row 2: lat is 'NaN'"),
    ("municipalities.csv", put(2, is_north="0"), r"municipalities.csv, row 2: is_north"),
    ("municipalities.csv", twice(2), r"municipalities.csv, row 344: GM1979 already stands in row 2"),
    ("questions.csv", put(3, categories="FOUT"), r"questions.csv, row 3: .*unknown code 'FOUT'"),
    ("questions.csv", put(3, block="C"), r"questions.csv, row 3: block is 'C'"),
    ("questions.csv", put(3, highest="0"), r"questions.csv, row 3: highest is '0'"),
    ("levels.csv", put(3, sum_from="25"), r"levels.csv, row 3: sum_from is 25: it has to be 24"),
    ("levels.csv", put(5, sum_to="59"), r"levels.csv: questionnaire 1 has no level for the sums above 59"),
    ("checklist.csv", put(2, mandatory="perhaps"), r"checklist.csv, row 2: mandatory is 'perhaps'"),
    ("checklist.csv", put(2, validity_months="-1"), r"checklist.csv, row 2: validity_months is '-1'"),
    ("problems.csv", put(2, slug="Met Spatie"), r"problems.csv, row 2: slug"),
    ("programmes.csv", put(2, rate="120"), r"programmes.csv, row 2: rate is '120'"),
    ("programmes.csv", put(2, opens_on="1-1-2026"), r"programmes.csv, row 2: opens_on"),
    ("programmes.csv", put(2, distribution="raffle"), r"programmes.csv, row 2: distribution"),
    ("programmes.csv", put(2, cap="100.00"), r"programmes.csv, row 2: "),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "message"), BROKEN, ids=[f"{row[0]}-{n}" for n, row in enumerate(BROKEN)])
def test_a_broken_file_is_refused_by_file_and_row_and_nothing_is_loaded(db, copy, file, change, message):
    rewrite(copy, file, change)
    with pytest.raises(CommandError, match=message):
        load("--from", str(copy))
    assert [(model, model.objects.count()) for model, _number in LOADED if model.objects.exists()] == []


def test_a_broken_file_leaves_what_was_loaded_before(facts, copy):
    rewrite(copy, "categories.csv", put(2, name_nl="Anders"))
    rewrite(copy, "programmes.csv", put(2, ceiling="veel"))
    with pytest.raises(CommandError, match="row 2: ceiling"):
        load("--from", str(copy))
    assert Category.objects.get(pk="WEERBAAR").name_nl == "Basisbeveiliging en digitale weerbaarheid"


def test_a_missing_file_is_named(copy):
    (copy / "sectors.csv").unlink()
    with pytest.raises(ReferenceFault, match=r"sectors\.csv: there is no such file"):
        read_reference(Reader(copy))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the columns have to be"),
        (b"code,name\n", "there are no rows"),
        (b"code\nPV20\n", "the columns have to be code, name"),
        (b"code,name\nPV20,Groningen,extra\n", "row 2: has to have 2 columns"),
        (b"code,name\nPV20\n", "row 2: has to have 2 columns"),
        (b"code,name\nPV20,Fr\xffsl\n", "is not UTF-8"),
        (b'code,name\nPV20,"Gron\n', "provinces.csv, row"),
    ],
)
def test_a_file_that_is_no_table_is_refused(copy, content, message):
    (copy / "provinces.csv").write_bytes(content)
    with pytest.raises(ReferenceFault, match=message):
        read_reference(Reader(copy))


def told():
    """What the trail says about loading, per table."""
    entries = AuditEntry.objects.filter(action="load_reference").order_by("pk")
    assert all(entry.actor == "system:reference" for entry in entries)
    return {entry.subject: json.loads(entry.body)["facts"] for entry in entries}


def test_the_first_load_stands_in_the_trail_and_one_that_changes_nothing_does_not(db):
    load()
    assert told()["accounts.municipality"] == {"created": 342, "changed": 0, "removed": 0}
    assert len(told()) == 14
    before = AuditEntry.objects.count()
    load()
    assert AuditEntry.objects.count() == before


def test_what_a_load_changes_stands_in_the_trail_by_its_codes(facts, copy):
    before = AuditEntry.objects.latest("pk").pk
    rewrite(copy, "levels.csv", put(2, name_nl="Starter"))
    rewrite(copy, "categories.csv", put(2, name_nl="Anders"))
    rows = (copy / "roadmap_limits.csv").read_text(encoding="utf-8").splitlines()
    (copy / "roadmap_limits.csv").write_text("\n".join(rows[:-1]), encoding="utf-8")
    gone = " ".join(rows[-1].split(",")[:2])
    RoadmapCellItem.objects.filter(cell__sector="HORECA", cell__level=2, category="ROOSTER").update(priority=9)
    load("--from", str(copy))
    rows = AuditEntry.objects.filter(pk__gt=before, action="load_reference")
    entries = {row.subject: json.loads(row.body)["facts"] for row in rows}
    assert {subject: facts["codes"] for subject, facts in entries.items() if "codes" in facts} == {
        "roadmap.level": {"changed": ["1 1"]},
        "providers.category": {"changed": ["WEERBAAR"]},
        "roadmap.roadmaplimit": {"removed": [gone]},
        "roadmap.roadmapcellitem": {"changed": ["HORECA 2 ROOSTER"]},
    }
    assert entries["roadmap.level"] == {"created": 0, "changed": 1, "removed": 0, "codes": {"changed": ["1 1"]}}


def test_a_checklist_item_that_left_the_file_is_not_asked_any_more_and_comes_back_with_it(facts, copy):
    rows = (copy / "checklist.csv").read_text(encoding="utf-8").splitlines()
    code = rows[-1].split(",")[0]
    (copy / "checklist.csv").write_text("\n".join(rows[:-1]), encoding="utf-8")
    load("--from", str(copy))
    assert set(ChecklistItem.objects.filter(active=False).values_list("code", flat=True)) == {code}
    assert told()["providers.checklistitem"]["codes"] == {"changed": [code]}
    assert load("--from", str(copy)) == "Reference data: nothing changed.\n"
    load()
    assert not ChecklistItem.objects.filter(active=False).exists()


ANSWERED = [
    ("levels.csv", [put(2, sum_to="24"), put(3, sum_from="25")], "levels.csv: level 1 of questionnaire 1"),
    ("questions.csv", [put(2, text_nl="Iets anders")], "questions.csv: code A1 of questionnaire 1"),
    ("questions.csv", [put(3, anchor_high_en="Never")], "questions.csv: code A2 of questionnaire 1"),
]


@pytest.mark.parametrize(("file", "changes", "message"), ANSWERED, ids=["floor", "question", "anchor"])
def test_what_scans_were_finished_with_is_not_changed_under_them(facts, copy, file, changes, message):
    for change in changes:
        rewrite(copy, file, change)
    answers = dict.fromkeys((f"{block}{number}" for block in "AB" for number in range(1, 7)), 2)
    scan, _token = scan_at_once(by=VISITOR, sector="DETAIL", answers=answers)
    with pytest.raises(CommandError, match=f"{message} would change.*new version"):
        load("--from", str(copy))
    assert Level.objects.get(questionnaire=1, level=1).sum_to == 23
    scan.delete()
    assert "changed" in load("--from", str(copy))


def test_advice_may_be_written_better_under_finished_scans(facts, copy):
    answers = dict.fromkeys((f"{block}{number}" for block in "AB" for number in range(1, 7)), 2)
    scan_at_once(by=VISITOR, sector="DETAIL", answers=answers)
    rewrite(copy, "questions.csv", put(2, advice_nl="Begin klein."))
    rewrite(copy, "levels.csv", put(2, meaning_nl="Net begonnen."))
    load("--from", str(copy))
    assert Question.objects.get(code="A1").advice_nl == "Begin klein."
