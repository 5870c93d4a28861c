"""Scans through the services: making, reading, saving, forgetting."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.enums import OrganisationKind, Role
from accounts.models import Membership, Organisation, User
from core import clock
from core.models import AuditEntry
from core.reasons import Refused
from core.tokens import hash_token
from core.workflow import NotAuthorised
from roadmap import services
from roadmap.enums import Progress, ScanReason
from roadmap.models import Level, Scan
from roadmap.services import VISITOR
from tests.roadmap.reference_data import ladder

pytestmark = pytest.mark.usefixtures("facts")

CODES = ladder().items
THREES = dict.fromkeys(CODES, 3)


def made(total=None, **kwargs):
    """A finished scan and its token; `total` is the sum of the answers."""
    each, rest = divmod(total or 36, 12)
    answers = {code: each + (place < rest) for place, code in enumerate(CODES)}
    return services.scan_at_once(by=VISITOR, **{"sector": "DETAIL", "answers": answers, **kwargs})


def member(kind=OrganisationKind.SME, kvk="12345678"):
    user = User.objects.create_user(f"{kind}{kvk}@demo.example")
    organisation = Organisation.objects.create(kind=kind, legal_name=f"Demo {kvk}", kvk=kvk)
    Membership.objects.create(person=user, organisation=organisation, role=Role.MEMBER)
    return user, organisation


def refusal(verb, **kwargs):
    with pytest.raises(Refused) as refused:
        verb(**kwargs)
    return [(reason.code, reason.params.get("field")) for reason in refused.value.reasons]


def test_only_the_fingerprint_of_the_secret_is_kept():
    scan, token = services.start_scan(by=VISITOR, sector="BOUW")
    assert scan.token_hash == hash_token(token)
    assert token not in str(vars(scan))
    assert Scan.objects.by_token(token) == scan
    assert Scan.objects.by_token(scan.token_hash) is None
    assert Scan.objects.by_token(token[:-1]) is None


def test_a_scan_answered_question_by_question_ends_like_one_made_at_once():
    scan, _token = services.start_scan(by=VISITOR, sector="DETAIL", headcount=4, municipality="GM0114", sbi="4711")
    for number, code in enumerate(CODES):
        services.answer(by=VISITOR, scan=scan, code=code, value=1 + number % 5)
    services.change_have(by=VISITOR, scan=scan, have=["KASSA", "KASSA"])
    scan = services.finish_scan(by=VISITOR, scan=scan)
    other, _token = services.scan_at_once(
        by=VISITOR,
        sector="DETAIL",
        headcount=4,
        municipality="GM0114",
        sbi="47.11",
        have=["KASSA"],
        answers={code: 1 + number % 5 for number, code in enumerate(CODES)},
    )
    for field in ("total", "level", "answers", "have", "sbi", "size_class", "municipality_id", "retain_until"):
        assert getattr(scan, field) == getattr(other, field), field
    assert scan.sbi == "47.11"
    assert services.scan_answer(scan) == services.scan_answer(other)


@pytest.mark.parametrize(("total", "level"), [(12, 1), (23, 1), (24, 2), (35, 2), (36, 3), (47, 3), (48, 4), (60, 4)])
def test_a_finished_scan_keeps_its_sum_and_level(total, level):
    scan, _token = made(total)
    answer = services.scan_answer(scan)
    assert (scan.total, scan.level, answer["sum"], answer["level"]) == (total, level, total, level)
    assert Decimal(answer["score"]) == (Decimal(total) / 6).quantize(Decimal("0.01"))
    assert services.result_of(scan).level.level == level
    assert [question.code for question in services.result_of(scan).weakest] == answer["weakest"]


def test_a_finished_scan_says_what_it_said_whatever_became_of_the_levels():
    scan, _token = made(23)
    before = services.scan_answer(scan)
    Level.objects.filter(level=1).update(sum_to=20)
    Level.objects.filter(level=2).update(sum_from=21)
    assert services.scan_answer(scan) == before
    assert (services.result_of(scan).level.level, services.result_of(scan).result.level) == (1, 1)
    assert services.have_choices(scan) == services.have_choices(made(12)[0])


def test_answering_again_replaces_and_finishing_twice_is_once():
    scan, _token = services.start_scan(by=VISITOR, sector="ZORG")
    services.answer(by=VISITOR, scan=scan, code="A1", value=2)
    assert services.answer(by=VISITOR, scan=scan, code="A1", value=5).answers == {"A1": 5}
    finished, _token = made()
    assert services.finish_scan(by=VISITOR, scan=finished).finished_at == finished.finished_at


@pytest.mark.parametrize(("code", "value"), [("A1", 0), ("A1", 6), ("A1", "3"), ("A1", None), ("Z9", 3)])
def test_an_impossible_answer_is_refused_and_changes_nothing(code, value):
    scan, _token = services.start_scan(by=VISITOR, sector="ZORG")
    expected = ScanReason.ANSWER_RANGE if code == "A1" else ScanReason.ANSWER_UNKNOWN
    assert refusal(services.answer, by=VISITOR, scan=scan, code=code, value=value) == [(expected, None)]
    scan.refresh_from_db()
    assert scan.answers == {}


def test_an_unfinished_scan_cannot_be_finished_and_a_finished_one_not_answered():
    scan, _token = services.start_scan(by=VISITOR, sector="ZORG")
    services.answer(by=VISITOR, scan=scan, code="A1", value=2)
    with pytest.raises(Refused, match=ScanReason.NOT_FINISHED.value):
        services.finish_scan(by=VISITOR, scan=scan)
    finished, _token = made()
    with pytest.raises(Refused, match=ScanReason.FINISHED.value):
        services.answer(by=VISITOR, scan=finished, code="A1", value=1)
    finished.refresh_from_db()
    assert finished.answers["A1"] == 3


def test_a_scan_with_everything_wrong_is_refused_for_all_of_it_by_field():
    wrong = {
        "sector": "NIETS",
        "municipality": "GM9999",
        "headcount": 0,
        "sbi": "34",
        "have": ["KASSA", "HEKS"],
        "answers": {**THREES, "A2": 9} | {"C3": 1},
    }
    del wrong["answers"]["B6"]
    assert refusal(services.scan_at_once, by=VISITOR, **wrong) == [
        (ScanReason.SECTOR_UNKNOWN, "sector"),
        (ScanReason.MUNICIPALITY_UNKNOWN, "municipality"),
        (ScanReason.HEADCOUNT_RANGE, "headcount"),
        (ScanReason.SBI_UNKNOWN, "sbi"),
        (ScanReason.ANSWER_RANGE, "answers/A2"),
        (ScanReason.ANSWER_MISSING, "answers/B6"),
        (ScanReason.ANSWER_UNKNOWN, "answers/C3"),
        (ScanReason.CATEGORY_UNKNOWN, "have"),
    ]
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "sbi", ["1", "551000", "55.1000", "999999999", "ab", "47..1", "4.711", "４７", "47.1 1", "-4", "00", "47\x00"]
)
def test_what_is_no_sbi_code_is_refused(sbi):
    assert refusal(services.start_scan, by=VISITOR, sector="DETAIL", sbi=sbi) == [(ScanReason.SBI_UNKNOWN, "sbi")]


@pytest.mark.parametrize("code", ["\x00", "DETAIL\x00", "x" * 5000, "detail", ""])
def test_a_hostile_sector_is_an_unknown_sector(code):
    assert refusal(services.start_scan, by=VISITOR, sector=code) == [(ScanReason.SECTOR_UNKNOWN, "sector")]


def test_the_roadmap_refuses_unknown_codes_by_field():
    found = refusal(services.roadmap_answer, sector="X", level=5, have=["Y"], sbi="z")
    assert {field for _code, field in found} == {"sector", "level", "have", "sbi"}


def test_a_roadmap_tells_why_each_step_is_there():
    answer = services.roadmap_answer(sector="HORECA", level=2, have=["KASSA"])
    steps = {step["category"]: step for step in answer["steps"]}
    assert next(iter(steps)) == "BOEKHOUD"
    assert steps["BOEKHOUD"]["kind"] == "needed_first"
    assert steps["BOEKHOUD"]["required_by"] == ["EFACTUUR"]
    assert steps["PMS"]["only_sbi"] == ["55"]
    assert steps["PMS"]["limit_why"]
    assert steps["ROOSTER"]["limit_why"] == ""
    assert (steps["ROOSTER"]["listed"], steps["ROOSTER"]["price_from"]) == (0, None)


def test_reading_a_roadmap_takes_the_same_few_queries_whatever_is_asked(django_assert_num_queries):
    with django_assert_num_queries(6):
        services.roadmap_answer(sector="DETAIL", level=1, have=(), sbi="47")
    with django_assert_num_queries(6):
        services.roadmap_answer(sector="BOUW", level=4, have=(), sbi="41")


def test_the_choices_of_what_one_has_are_few_and_hold_what_was_ticked():
    scan, _token = made(24, sector="HORECA", have=["TWEELING"])
    codes = [category.pk for category in services.have_choices(scan)]
    assert "TWEELING" in codes
    assert "KASSA" in codes
    assert len(codes) == len(set(codes)) <= 25


# --- Progress ----------------------------------------------------------------------------------------------------------


def test_a_step_that_is_done_leaves_the_roadmap_and_one_not_for_us_too():
    scan, _token = made(12)
    before = [step["category"] for step in services.scan_answer(scan)["steps"]]
    services.set_progress(by=VISITOR, scan=scan, category="BACKUP", progress=Progress.DONE)
    services.set_progress(by=VISITOR, scan=scan, category="KASSA", progress=Progress.NOT_FOR_US)
    services.set_progress(by=VISITOR, scan=scan, category="WEBSITE", progress=Progress.BUSY)
    after = [step["category"] for step in services.scan_answer(scan)["steps"]]
    assert after == [code for code in before if code not in {"BACKUP", "KASSA"}]
    services.set_progress(by=VISITOR, scan=scan, category="BACKUP", progress="")
    services.set_progress(by=VISITOR, scan=scan, category="KASSA", progress=Progress.PLANNED)
    assert [step["category"] for step in services.scan_answer(scan)["steps"]] == before
    assert services.progress_of(scan) == {"KASSA": "planned", "WEBSITE": "busy"}


def test_a_saved_scan_is_changed_by_members_of_its_business_only_and_the_trail_says_so():
    user, organisation = member()
    other, _business = member(kvk="87654321")
    scan, token = made(12)
    services.set_progress(by=VISITOR, scan=scan, category="BACKUP", progress="busy")
    services.claim_scan(by=user, token=token, organisation=organisation)
    for stranger in (VISITOR, other):
        with pytest.raises(NotAuthorised):
            services.set_progress(by=stranger, scan=scan, category="BACKUP", progress="done")
        with pytest.raises(NotAuthorised):
            services.change_have(by=stranger, scan=scan, have=["KASSA"])
    scan.refresh_from_db()
    assert (services.progress_of(scan), scan.have) == ({"BACKUP": "busy"}, [])
    services.set_progress(by=user, scan=scan, category="BACKUP", progress="")
    services.change_have(by=user, scan=scan, have=["KASSA"])
    assert services.progress_of(scan) == {}
    entries = AuditEntry.objects.filter(subject=f"roadmap.scan:{scan.pk}").order_by("seq")
    assert [(entry.actor, entry.action) for entry in entries] == [
        (f"user:{user.pk}", "claim_scan"),
        (f"user:{user.pk}", "set_progress"),
        (f"user:{user.pk}", "change_have"),
    ]


def test_progress_on_something_unknown_is_refused():
    scan, _token = made()
    assert refusal(services.set_progress, by=VISITOR, scan=scan, category="HEKS", progress="done")
    with pytest.raises(ValueError, match="levitating"):
        services.set_progress(by=VISITOR, scan=scan, category="KASSA", progress="levitating")
    assert not scan.progress.exists()


# --- Benchmark ---------------------------------------------------------------------------------------------------------


def test_the_benchmark_is_hidden_below_ten_and_replaced_by_the_study():
    scan, _token = made(36, headcount=5)
    for _number in range(9):
        made(30, headcount=7)
    view = services.benchmark_of(scan)
    assert view.own_kind is None
    assert (view.reference.n, view.reference.share_low, view.reference.share_leader) == (302, 56, 11)
    made(42, headcount=2)
    view = services.benchmark_of(scan)
    assert view.reference is None
    assert (view.own_kind.n, view.own_kind.mean, view.own_kind.below) == (10, Decimal("5.20"), 9)


def test_the_benchmark_compares_only_finished_scans_of_the_same_kind():
    scan, _token = made(36, headcount=5)
    for number in range(10):
        made(30, headcount=5, sector="ZORG")
        made(30, headcount=50)
        made(30)
        unfinished, _secret = services.start_scan(by=VISITOR, sector="DETAIL", headcount=5)
        services.answer(by=VISITOR, scan=unfinished, code="A1", value=1 + number % 5)
    Scan.objects.filter(size_class="50-249").update(questionnaire=2, size_class="2-9")
    assert services.benchmark_of(scan).own_kind is None


def test_without_a_size_the_study_is_shown():
    scan, _token = made(36)
    for _number in range(12):
        made(36)
    assert services.benchmark_of(scan).own_kind is None


# --- Saving and forgetting -----------------------------------------------------------------------------------------------


def test_a_member_saves_a_scan_with_the_business_once():
    user, organisation = member()
    scan, token = made()
    saved = services.claim_scan(by=user, token=token, organisation=organisation)
    assert (saved.organisation, saved.claimed_by, saved.retain_until) == (organisation, user, None)
    assert services.claim_scan(by=user, token=token, organisation=organisation).claimed_at == saved.claimed_at
    assert AuditEntry.objects.filter(action="claim_scan", subject=f"roadmap.scan:{scan.pk}").count() == 1
    assert list(Scan.objects.visible_to(user)) == [scan]


def test_a_saved_scan_cannot_be_saved_by_another_business_nor_seen_by_it():
    user, organisation = member()
    other, others_business = member(kvk="87654321")
    scan, token = made()
    services.claim_scan(by=user, token=token, organisation=organisation)
    assert refusal(services.claim_scan, by=other, token=token, organisation=others_business) == [
        (ScanReason.ALREADY_CLAIMED, None)
    ]
    scan.refresh_from_db()
    assert scan.organisation == organisation
    assert not Scan.objects.visible_to(other).exists()


def test_nobody_saves_a_scan_with_a_business_that_is_not_theirs_or_no_business():
    user, _organisation = member()
    _other, others_business = member(kvk="87654321")
    provider, providers_organisation = member(OrganisationKind.PROVIDER, "11112222")
    scan, token = made()
    with pytest.raises(NotAuthorised):
        services.claim_scan(by=user, token=token, organisation=others_business)
    with pytest.raises(NotAuthorised):
        services.claim_scan(by=VISITOR, token=token, organisation=others_business)
    with pytest.raises(NotAuthorised):
        services.claim_scan(by=provider, token=token, organisation=providers_organisation)
    scan.refresh_from_db()
    assert scan.organisation is None


def test_a_wrong_link_saves_nothing():
    user, organisation = member()
    with pytest.raises(Scan.DoesNotExist):
        services.claim_scan(by=user, token="wrong", organisation=organisation)


def test_a_visitor_forgets_an_anonymous_scan_but_not_a_saved_one():
    scan, token = made()
    services.set_progress(by=VISITOR, scan=scan, category="KASSA", progress="busy")
    services.delete_scan(by=VISITOR, scan=scan)
    assert Scan.objects.by_token(token) is None
    user, organisation = member()
    scan, token = made()
    services.claim_scan(by=user, token=token, organisation=organisation)
    other, _business = member(kvk="87654321")
    for stranger in (VISITOR, other):
        with pytest.raises(NotAuthorised):
            services.delete_scan(by=stranger, scan=scan)
    assert Scan.objects.by_token(token) == scan
    services.delete_scan(by=user, scan=scan)
    assert not Scan.objects.exists()
    assert AuditEntry.objects.filter(action="delete_scan").count() == 1


def test_anonymous_scans_are_forgotten_after_their_term_and_saved_ones_stay():
    with clock.fixed(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        services.start_scan(by=VISITOR, sector="ZORG")
        finished, _token = made()
        saved, token = made()
        user, organisation = member()
        services.claim_scan(by=user, token=token, organisation=organisation)
    assert finished.retain_until == date(2026, 1, 1) + timedelta(days=730)
    assert services.purge_scans(by=VISITOR, on=date(2026, 4, 1)) == 0
    assert services.purge_scans(by=VISITOR, on=date(2026, 4, 2)) == 1
    assert services.purge_scans(by=VISITOR, on=date(2028, 6, 1)) == 1
    assert list(Scan.objects.all()) == [saved]


@pytest.mark.database
@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("finished_scan_has_its_result", {"total": None}),
        ("finished_scan_has_its_result", {"level": 5}),
        ("finished_scan_has_its_result", {"finished_at": None}),
        ("claimed_scan_has_its_organisation", {"claimed_at": datetime(2026, 1, 1, tzinfo=UTC)}),
        ("anonymous_scan_has_an_end", {"retain_until": None}),
        ("scan_size_known", {"size_class": "many"}),
    ],
)
def test_the_database_itself_refuses_a_scan_that_contradicts_itself(constraint, change):
    scan, _token = made()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(**change)


def test_the_nightly_command_forgets_what_is_past_its_term():
    with clock.fixed(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        services.start_scan(by=VISITOR, sector="ZORG")
    finished, _token = made()
    said = [StringIO(), StringIO()]
    for out in said:
        with clock.fixed(datetime(2026, 4, 2, 1, tzinfo=UTC)):
            call_command("purge_scans", stdout=out)
    assert [out.getvalue() for out in said] == ["1 scans forgotten\n", "0 scans forgotten\n"]
    assert list(Scan.objects.all()) == [finished]
