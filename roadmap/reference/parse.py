"""What the reference files say, read and checked, as plain rows per model. No database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from providers.enums import Benefit, CategoryGroup, ChecklistScope, ChecklistStage, EvidenceKind, Need
from roadmap.enums import Block
from roadmap.reference.reader import Reader, ReferenceFault, Row
from roadmap.rules import GENERAL, Category, cycle_in, parse_prerequisites

Rows: TypeAlias = list[dict[str, Any]]

NORTH = frozenset({"PV20", "PV21", "PV22"})
LEVELS = 4
SBI_VERSIONS = ("2025", "2008")


@dataclass
class Reference:
    """All reference rows, by the model that keeps them. Every code in them is known; nothing is loaded yet."""

    provinces: Rows = field(default_factory=list)
    municipalities: Rows = field(default_factory=list)
    divisions: Rows = field(default_factory=list)
    sectors: Rows = field(default_factory=list)
    sector_sbi: Rows = field(default_factory=list)
    categories: Rows = field(default_factory=list)
    checklist: Rows = field(default_factory=list)
    cells: Rows = field(default_factory=list)
    cell_items: Rows = field(default_factory=list)
    limits: Rows = field(default_factory=list)
    levels: Rows = field(default_factory=list)
    questions: Rows = field(default_factory=list)
    benchmarks: Rows = field(default_factory=list)
    problems: Rows = field(default_factory=list)

    def codes(self, kind: str) -> set[str]:
        """The codes of one kind of row."""
        return {row["code"] for row in getattr(self, kind)}


def read_reference(reader: Reader) -> Reference:
    """All files, checked against each other. Raises ReferenceFault, naming file and row, at the first thing wrong."""
    reference = Reference()
    _places(reader, reference)
    divisions_2008 = _divisions(reader, reference)
    _sectors(reader, reference, divisions_2008)
    _categories(reader, reference)
    _checklist(reader, reference)
    _cells(reader, reference)
    _limits(reader, reference)
    _questionnaire(reader, reference)
    _problems(reader, reference)
    return reference


def _places(reader: Reader, reference: Reference) -> None:
    for row in reader.rows("provinces.csv", ["code", "name"], key=["code"]):
        if not re.fullmatch(r"PV[0-9]{2}", row["code"]):
            raise row.fault(f"code is {row['code']!r}: a province is PV and two digits")
        reference.provinces.append(
            {"code": row["code"], "name": row.text("name", most=60), "is_north": row["code"] in NORTH}
        )
    provinces = reference.codes("provinces")
    if missing := NORTH - provinces:
        raise ReferenceFault(f"provinces.csv: {', '.join(sorted(missing))} is missing")
    columns = ["code", "name", "province", "is_north", "lat", "lon", "s7"]
    for row in reader.rows("municipalities.csv", columns, key=["code"]):
        if not re.fullmatch(r"GM[0-9]{4}", row["code"]):
            raise row.fault(f"code is {row['code']!r}: a municipality is GM and four digits")
        province = row.choice("province", provinces)
        if row.flag("is_north") != (province in NORTH):
            raise row.fault(f"is_north is {row['is_north']!r}, which does not fit province {province}")
        reference.municipalities.append(
            {
                "code": row["code"],
                "name": row.text("name", most=80),
                "province_id": province,
                "latitude": float(row.decimal("lat", "50.7", "53.7")),
                "longitude": float(row.decimal("lon", "3.2", "7.3")),
                "in_s7": row.flag("s7"),
            }
        )


def _divisions(reader: Reader, reference: Reference) -> list[str]:
    """Keeps the divisions of the SBI 2025 and returns those of 2008, which only serve to check the mapping."""
    columns = ["code", "level", "section", "title_nl", "title_en"]
    for row in reader.rows("sbi_2025.csv", columns, key=["code"]):
        if row.choice("level", ["section", "division"]) == "section":
            continue
        if not re.fullmatch(r"[0-9]{2}", row["code"]) or not re.fullmatch(r"[A-Z]", row["section"]):
            raise row.fault("a division is two digits in a section of one letter")
        titles = {name: row.text(name, most=200) for name in ("title_nl", "title_en")}
        reference.divisions.append({"code": row["code"], "section": row["section"], **titles})
    found: list[str] = []
    for row in reader.rows("sbi_2008.csv", ["section", "title_nl", "divisions"], key=["section"]):
        for part in row.codes("divisions"):
            first, last = _range(row, part)
            found += [f"{number:02}" for number in range(first, last + 1)]
    return found


def _range(row: Row, part: str) -> tuple[int, int]:
    written = re.fullmatch(r"([0-9]{2})(?:-([0-9]{2}))?", part)
    if not written or int(written[2] or written[1]) < int(written[1]):
        raise row.fault(f"{part!r} is not a division (47) or a range of divisions (05-09)")
    return int(written[1]), int(written[2] or written[1])


def _sectors(reader: Reader, reference: Reference, divisions_2008: Iterable[str]) -> None:
    existing = {"2025": reference.codes("divisions"), "2008": set(divisions_2008)}
    owner: dict[str, dict[str, str]] = {version: {} for version in SBI_VERSIONS}
    columns = ["code", "name_nl", "name_en", "sbi_2025", "sbi_2008", "analogue"]
    rows = list(reader.rows("sectors.csv", columns, key=["code"]))
    for position, row in enumerate(rows, start=1):
        names = {name: row.text(name, most=80) for name in ("name_nl", "name_en")}
        code = row.text("code", most=12)
        reference.sectors.append({"code": code, **names, "analogue": row["analogue"][:120], "position": position})
        for version in SBI_VERSIONS:
            for prefix in _prefixes(row, f"sbi_{version}", existing[version]):
                if prefix in owner[version]:
                    raise row.fault(f"SBI {version} {prefix} already belongs to {owner[version][prefix]}")
                owner[version][prefix] = code
                reference.sector_sbi.append({"version": version, "prefix": prefix, "sector_id": code})
    for version in SBI_VERSIONS:
        if lost := sorted(existing[version] - owner[version].keys()):
            raise ReferenceFault(f"sectors.csv: no sector has SBI {version} {', '.join(lost)}")
    if GENERAL not in reference.codes("sectors"):
        raise ReferenceFault(f"sectors.csv: the fallback {GENERAL} is missing")


def _prefixes(row: Row, column: str, existing: set[str]) -> list[str]:
    """The SBI prefixes of a sector: `05-09` stands for the divisions that exist in between, `88.91` for a finer code."""
    prefixes: list[str] = []
    for part in row.codes(column):
        if "." in part:
            if not re.fullmatch(r"[0-9]{2}\.[0-9]{1,3}", part) or part[:2] not in existing:
                raise row.fault(f"{column} names the unknown SBI code {part!r}")
            prefixes.append(part)
            continue
        first, last = _range(row, part)
        found = [f"{number:02}" for number in range(first, last + 1) if f"{number:02}" in existing]
        if not found:
            raise row.fault(f"{column} names the unknown SBI division {part!r}")
        prefixes += found
    return prefixes


def _categories(reader: Reader, reference: Reference) -> None:
    columns = ["code", "group", "name_nl", "name_en", "why_nl", "why_en", "prerequisites", "min_level", "hardware"]
    rows = list(reader.rows("categories.csv", [*columns, "benefit", "source"], key=["code"]))
    known = {row["code"] for row in rows}
    graph: dict[str, Category] = {}
    for position, row in enumerate(rows, start=1):
        try:
            requirements = parse_prerequisites(row["prerequisites"])
        except ValueError as error:
            raise row.fault(str(error)) from error
        for name in (name for group in requirements for name in group):
            if name not in known:
                raise row.fault(f"prerequisites names the unknown code {name!r}")
        level = row.integer("min_level", 1, LEVELS)
        graph[row["code"]] = Category(row["code"], level, requirements)
        reference.categories.append(
            {
                "code": row.text("code", most=16),
                "group": row.choice("group", CategoryGroup.values),
                "name_nl": row.text("name_nl", most=80),
                "name_en": row.text("name_en", most=80),
                "why_nl": row.text("why_nl", most=200),
                "why_en": row.text("why_en", most=200),
                "prerequisites": row["prerequisites"].strip(),
                "min_level": level,
                "hardware": row.flag("hardware"),
                "benefit": row.choice("benefit", Benefit.values),
                "source": row["source"].strip()[:200],
                "position": position,
            }
        )
    if circle := cycle_in(graph):
        row = next(row for row in rows if row["code"] == circle[0])
        raise row.fault(f"the prerequisites run in a circle: {' needs '.join(circle)}")


def _checklist(reader: Reader, reference: Reference) -> None:
    columns = ["code", "scope", "stage", "title_nl", "title_en", "evidence_kind", "mandatory", "validity_months"]
    for row in reader.rows(
        "checklist.csv", [*columns, "auto_check", "rationale_nl", "rationale_en", "basis"], key=["code"]
    ):
        reference.checklist.append(
            {
                "code": row.text("code", most=8),
                "scope": row.choice("scope", ChecklistScope.values),
                "stage": row.choice("stage", ChecklistStage.values),
                "title_nl": row.text("title_nl", most=160),
                "title_en": row.text("title_en", most=160),
                "evidence_kind": row.choice("evidence_kind", EvidenceKind.values),
                "mandatory": row.choice("mandatory", Need.values),
                "validity_months": row.integer("validity_months", 0, 120),
                "auto_check": row["auto_check"].strip(),
                "rationale_nl": row["rationale_nl"].strip(),
                "rationale_en": row["rationale_en"].strip(),
                "basis": row["basis"].strip(),
            }
        )


def _cells(reader: Reader, reference: Reference) -> None:
    sectors = reference.codes("sectors") - {GENERAL}
    min_level = {row["code"]: row["min_level"] for row in reference.categories}
    taken: dict[tuple[str, str], int] = {}
    columns = ["sector", "level", "categories", "why_nl", "why_en"]
    for row in reader.rows("roadmap_cells.csv", columns, key=["sector", "level"]):
        sector, level = row.choice("sector", sectors), row.integer("level", 1, LEVELS)
        cell = {"sector_id": sector, "level": level}
        reference.cells.append({**cell, **{name: row.text(name, most=300) for name in ("why_nl", "why_en")}})
        categories = row.codes("categories", min_level)
        if not categories:
            raise row.fault("categories is empty: every sector recommends something at every level")
        for priority, code in enumerate(categories, start=1):
            if (sector, code) in taken:
                raise row.fault(f"{code} already stands in the cell of {sector} at level {taken[sector, code]}")
            if level < min_level[code]:
                raise row.fault(f"{code} is for level {min_level[code]} and up")
            taken[sector, code] = level
            reference.cell_items.append({**cell, "category_id": code, "priority": priority})
    there = {(row["sector_id"], row["level"]) for row in reference.cells}
    for sector in sorted(sectors):
        for level in range(1, LEVELS + 1):
            if (sector, level) not in there:
                raise ReferenceFault(f"roadmap_cells.csv: {sector} has no cell for level {level}")


def _limits(reader: Reader, reference: Reference) -> None:
    divisions = reference.codes("divisions")
    in_cells = {(item["sector_id"], item["category_id"]) for item in reference.cell_items}
    columns = ["sector", "category", "only_sbi", "why_nl", "why_en"]
    for row in reader.rows("roadmap_limits.csv", columns, key=["sector", "category"]):
        if (row["sector"], row["category"]) not in in_cells:
            raise row.fault(f"category {row['category']!r} is in no cell of sector {row['sector']!r}")
        prefixes = row.codes("only_sbi")
        for prefix in prefixes:
            if not re.fullmatch(r"[0-9]{2}(\.[0-9]{1,3})?", prefix) or prefix[:2] not in divisions:
                raise row.fault(f"only_sbi names the unknown SBI code {prefix!r}")
        if not prefixes:
            raise row.fault("only_sbi is empty: then there is no limit")
        why = {name: row.text(name, most=200) for name in ("why_nl", "why_en")}
        reference.limits.append(
            {"sector_id": row["sector"], "category_id": row["category"], "only_sbi": ";".join(prefixes), **why}
        )


def _questionnaire(reader: Reader, reference: Reference) -> None:
    two = ("nl", "en")
    texts = [f"{name}_{tongue}" for name in ("stem", "text") for tongue in two]
    anchors = [
        f"{name}_{tongue}" for name in ("anchor_low", "anchor_middle", "anchor_high", "help", "short") for tongue in two
    ]
    advice = [f"{name}_{tongue}" for name in ("advice", "first_step") for tongue in two]
    columns = ["questionnaire", "code", "block", *texts, "lowest", "highest", *anchors, *advice, "categories"]
    known = reference.codes("categories")
    for position, row in enumerate(reader.rows("questions.csv", columns, key=["questionnaire", "code"]), start=1):
        lowest = row.integer("lowest", 0, 9)
        reference.questions.append(
            {
                "questionnaire": row.integer("questionnaire", 1, 99),
                "code": row.text("code", most=4),
                "block": row.choice("block", Block.values),
                "position": position,
                "lowest": lowest,
                "highest": row.integer("highest", lowest + 1, 10),
                **{name: row.text(name, most=400) for name in [*texts, *anchors, *advice]},
                "categories": ";".join(row.codes("categories", known)),
            }
        )
    _levels(reader, reference)
    columns = ["questionnaire", "source", "year", "n", "share_low", "share_high", "share_beginner", "share_leader"]
    for row in reader.rows("benchmarks.csv", [*columns, "caveat_nl", "caveat_en"], key=["questionnaire"]):
        reference.benchmarks.append(
            {
                "questionnaire": row.integer("questionnaire", 1, 99),
                "source": row.text("source", most=80),
                "year": row.integer("year", 2000, 2100),
                "n": row.integer("n", 1, 10**6),
                **{name: row.integer(name, 0, 100) for name in columns[4:]},
                **{name: row.text(name, most=300) for name in ("caveat_nl", "caveat_en")},
            }
        )


def _levels(reader: Reader, reference: Reference) -> None:
    """The levels of each questionnaire cover every sum its answers can have, once, from the lowest to the highest."""
    columns = ["questionnaire", "level", "sum_from", "sum_to", "name_nl", "name_en", "meaning_nl", "meaning_en"]
    expected: dict[int, int] = {}
    for row in reader.rows("levels.csv", columns, key=["questionnaire", "level"]):
        version = row.integer("questionnaire", 1, 99)
        items = [item for item in reference.questions if item["questionnaire"] == version]
        if not items:
            raise row.fault(f"questionnaire {version} has no questions")
        floor = expected.get(version, sum(item["lowest"] for item in items))
        if row.integer("sum_from", 0, 1000) != floor:
            raise row.fault(f"sum_from is {row['sum_from']}: it has to be {floor}, where the level before ended")
        last = row.integer("sum_to", floor, sum(item["highest"] for item in items))
        expected[version] = last + 1
        reference.levels.append(
            {
                "questionnaire": version,
                "level": row.integer("level", 1, LEVELS),
                "sum_from": floor,
                "sum_to": last,
                **{name: row.text(name, most=80) for name in ("name_nl", "name_en")},
                **{name: row.text(name, most=300) for name in ("meaning_nl", "meaning_en")},
            }
        )
    for version, following in expected.items():
        highest = sum(item["highest"] for item in reference.questions if item["questionnaire"] == version)
        if following != highest + 1:
            raise ReferenceFault(f"levels.csv: questionnaire {version} has no level for the sums above {following - 1}")


def _problems(reader: Reader, reference: Reference) -> None:
    known = reference.codes("categories")
    short = ["title_nl", "title_en", "intro_nl", "intro_en"]
    lists = ["tips_nl", "tips_en", "watch_nl", "watch_en"]
    rows = reader.rows("problems.csv", ["slug", *short, *lists, "categories"], key=["slug"])
    for position, row in enumerate(rows, start=1):
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["slug"]) or len(row["slug"]) > 40:
            raise row.fault(f"slug is {row['slug']!r}: small letters, digits and hyphens")
        categories = row.codes("categories", known)
        if not categories:
            raise row.fault("categories is empty: a problem needs something that helps")
        reference.problems.append(
            {
                "slug": row["slug"],
                "position": position,
                **{name: row.text(name, most=80 if name.startswith("title") else 300) for name in short},
                **{name: "\n".join(line.strip() for line in row.text(name).split("|")) for name in lists},
                "categories": ";".join(categories),
            }
        )
