"""What the machine sees of a dossier: pass, fail or unknown, and never a silent pass (DESIGN 4.4)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.enums import EvidenceKind, Need, Outcome
from providers.rules.checks import (
    CHECKS,
    SAW,
    CheckFacts,
    CheckOutcome,
    PackageFacts,
    ReferenceFacts,
    is_web_address,
    months_between,
    run_checks,
    same_name,
)
from providers.rules.rulesets import vetting_rules
from providers.rules.vetting import ItemFacts

TODAY = dt.date(2026, 11, 23)

RULES = vetting_rules(TODAY)


def look(code: str, figures: dict | None = None, **facts) -> dict[str, str]:
    """The outcome of every check of one item."""
    item = ItemFacts(code=code, need=Need.YES, evidence_kind=EvidenceKind.DOCUMENT, figures=figures or {})
    given = {"kind": "admission", "today": TODAY, "items": (item,), "rules": RULES, **facts}
    return {seen.check: str(seen.outcome) for seen in run_checks(CheckFacts(**given))}


GOOD = {"kvk": "12345678", "kvk_taken": False, "vat_id": "NL002455799B11"}


@pytest.mark.parametrize(
    ("facts", "check", "outcome"),
    [
        (GOOD, "kvk_form", "pass"),
        ({**GOOD, "kvk": "1234567"}, "kvk_form", "fail"),
        ({**GOOD, "kvk": "١٢٣٤٥٦٧٨"}, "kvk_form", "fail"),
        ({**GOOD, "kvk": ""}, "kvk_form", "fail"),
        ({**GOOD, "kvk": "", "country": "DE"}, "kvk_form", "unknown"),
        ({**GOOD, "kvk": "", "country": "US"}, "kvk_form", "fail"),
        (GOOD, "kvk_unique", "pass"),
        ({**GOOD, "kvk_taken": True}, "kvk_unique", "fail"),
        ({**GOOD, "kvk_taken": None}, "kvk_unique", "unknown"),
        ({**GOOD, "kvk_of_others": ""}, "kvk_elsewhere", "pass"),
        ({**GOOD, "kvk_of_others": "Buurman B.V. (bedrijf)"}, "kvk_elsewhere", "unknown"),
        (GOOD, "vat_id", "pass"),
        ({**GOOD, "vat_id": "NL002455799B12"}, "vat_id", "fail"),
        ({**GOOD, "vat_id": ""}, "vat_id", "unknown"),
    ],
)
def test_the_trade_register(facts, check, outcome):
    assert look("ORG-01", **facts)[check] == outcome


@pytest.mark.parametrize(
    ("founded", "outcome"),
    [
        (dt.date(2025, 11, 23), "pass"),
        (dt.date(2025, 11, 24), "fail"),
        (dt.date(2027, 1, 1), "fail"),
        (None, "unknown"),
    ],
)
def test_a_year_in_business_is_counted_in_whole_months(founded, outcome):
    assert look("ORG-02", founded_on=founded) == {"trading_time": outcome}


def test_the_age_is_looked_at_even_when_the_provider_says_it_does_not_apply():
    item = ItemFacts(code="ORG-02", need=Need.CONDITIONAL, evidence_kind=EvidenceKind.REGISTER_EXTRACT, applies=False)
    facts = CheckFacts(kind="admission", today=TODAY, items=(item,), rules=RULES, founded_on=dt.date(2026, 6, 1))
    assert [seen.outcome for seen in run_checks(facts)] == [Outcome.FAIL]


def test_a_condition_that_does_not_apply_has_nothing_to_look_at():
    item = ItemFacts(code="FIN-01", need=Need.CONDITIONAL, evidence_kind=EvidenceKind.ANNUAL_ACCOUNTS, applies=False)
    assert run_checks(CheckFacts(kind="admission", today=TODAY, items=(item,), rules=RULES)) == []


@pytest.mark.parametrize(
    ("assets", "liabilities", "outcome"),
    [
        ("100.00", "99.99", "pass"),
        ("100.00", "100.00", "fail"),
        ("100.00", "250.00", "fail"),
        ("", "1.00", "unknown"),
        ("NaN", "1.00", "unknown"),
        ("Infinity", "1.00", "unknown"),
        ("honderd", "1.00", "unknown"),
    ],
)
def test_equity_is_assets_minus_liabilities_and_more_than_zero(assets, liabilities, outcome):
    assert look("FIN-01", {"total_assets": assets, "total_liabilities": liabilities}) == {"positive_equity": outcome}


@pytest.mark.parametrize(
    ("assets", "liabilities", "outcome"),
    [("100.00", "100.00", "pass"), ("99.99", "100.00", "fail"), ("0.00", "0.00", "pass"), ("5.00", "", "unknown")],
)
def test_current_assets_cover_current_liabilities(assets, liabilities, outcome):
    assert look("FIN-02", {"current_assets": assets, "current_liabilities": liabilities}) == {"current_ratio": outcome}


@pytest.mark.parametrize("code", ["FIN-03", "INT-06"])
@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        ("2026-11-23", "pass"),
        ("2026-10-24", "pass"),
        ("2026-10-23", "fail"),
        ("2026-11-24", "fail"),
        ("", "unknown"),
        ("gisteren", "unknown"),
    ],
)
def test_a_register_was_looked_at_recently(code, on, outcome):
    assert look(code, {"checked_on": on}) == {"register_checked": outcome}


@pytest.mark.parametrize(("on", "outcome"), [("2026-05-23", "pass"), ("2026-05-22", "fail"), ("2026-11-24", "fail")])
def test_a_tax_statement_is_at_most_six_months_old(on, outcome):
    assert look("FIN-04", {"issued_on": on}) == {"statement_age": outcome}


@pytest.mark.parametrize(
    ("iban", "holder", "form", "name"),
    [
        ("NL91ABNA0417164300", "bakkerij smit bv", "pass", "pass"),
        ("NL91ABNA0417164301", "Bakkerij Smit B.V.", "fail", "pass"),
        ("NL91ABNA0417164300", "P. Smit", "pass", "fail"),
        ("", "", "unknown", "unknown"),
    ],
)
def test_the_account_is_valid_and_in_the_name_of_the_business(iban, holder, form, name):
    seen = look("FIN-05", {"iban": iban, "holder": holder}, legal_name="Bakkerij Smit B.V.")
    assert seen == {"iban_form": form, "holder_matches": name}


def test_a_stored_outcome_of_an_account_never_holds_the_whole_iban():
    item = ItemFacts(
        code="FIN-05", need=Need.YES, evidence_kind=EvidenceKind.BANK_STATEMENT, figures={"iban": "NL91ABNA0417164300"}
    )
    seen = run_checks(CheckFacts(kind="admission", today=TODAY, items=(item,), rules=RULES))
    assert "NL91ABNA0417164300" not in str([outcome.as_json() for outcome in seen])


@pytest.mark.parametrize(
    ("figures", "until", "insured"),
    [
        ({"insured_until": "2026-11-23", "insured_sum": "500000.00"}, "pass", "pass"),
        ({"insured_until": "2026-11-22", "insured_sum": "499999.99"}, "fail", "fail"),
        ({}, "unknown", "unknown"),
    ],
)
def test_the_insurance_runs_and_is_high_enough(figures, until, insured):
    assert look("INS-01", figures) == {"insured_until": until, "insured_sum": insured}


def test_declarations_are_compared_with_what_is_known_here():
    assert look("INT-02", linked_officials=0) == {"no_linked_official": "pass"}
    assert look("INT-02", linked_officials=1) == {"no_linked_official": "fail"}
    assert look("INT-05", kvk="12345678", own_measures=0) == {"own_sanctions": "pass"}
    assert look("INT-05", kvk="12345678", own_measures=1) == {"own_sanctions": "fail"}
    assert look("INT-05", kvk="", own_measures=None) == {"own_sanctions": "unknown"}
    assert look("INT-04", {"code_version": "2026-1"}) == {"code_version": "pass"}
    assert look("INT-04", {"code_version": "2025-1"}) == {"code_version": "fail"}


@pytest.mark.parametrize(
    ("references", "seen"),
    [
        (None, {"references": "unknown"}),
        (ReferenceFacts(count=2), {"references": "fail"}),
        (ReferenceFacts(count=3), {"references": "pass", "references_full": "fail", "reference_sectors": "unknown"}),
        (ReferenceFacts(count=5), {"references": "pass", "references_full": "pass", "reference_sectors": "unknown"}),
    ],
)
def test_three_references_are_enough_to_start_five_for_a_full_listing(references, seen):
    assert look("REF-01", references=references) == seen


@pytest.mark.parametrize(
    ("below", "answered", "outcome"), [(1, 5, "pass"), (2, 9, "fail"), (0, 3, "pass"), (0, 0, "unknown")]
)
def test_at_most_one_in_five_references_is_dissatisfied(below, answered, outcome):
    facts = ReferenceFacts(count=answered, answered=answered, below_neutral=below)
    assert look("REF-04", references=facts) == {"reference_satisfaction": outcome, "no_complaints": "unknown"}


@pytest.mark.parametrize(
    ("by_sector", "sectors", "check", "outcome"),
    [
        ({"DETAIL": 3}, {"DETAIL"}, "reference_sectors", "pass"),
        ({"DETAIL": 2, "BOUW": 3}, {"DETAIL"}, "reference_sectors", "fail"),
        ({"DETAIL": 2, "BOUW": 3}, {"DETAIL", "BOUW"}, "reference_sectors", "pass"),
        ({"DETAIL": 2, "BOUW": 2}, {"DETAIL"}, "reference_sectors", "unknown"),  # one of five is not known
        ({}, {"DETAIL"}, "reference_sectors", "unknown"),
        ({"DETAIL": 3, "BOUW": 1, "ZORG": 1}, set(), "reference_generic", "pass"),
        ({"DETAIL": 4, "BOUW": 1}, set(), "reference_generic", "fail"),
        ({"DETAIL": 3, "BOUW": 1}, set(), "reference_generic", "unknown"),
    ],
)
def test_references_come_from_the_sectors_the_solution_is_for(by_sector, sectors, check, outcome):
    facts = {"references": ReferenceFacts(count=5, by_sector=by_sector), "sectors": frozenset(sectors)}
    assert look("REF-01", **facts)[check] == outcome


@pytest.mark.parametrize("code", ["REV-01", "REF-04"])
@pytest.mark.parametrize(("complaints", "outcome"), [(0, "pass"), (1, "fail"), (None, "unknown")])
def test_no_complaint_stands_open(code, complaints, outcome):
    assert look(code, open_complaints=complaints)["no_complaints"] == outcome


@pytest.mark.parametrize(("newest", "outcome"), [(dt.date(2026, 5, 23), "pass"), (dt.date(2026, 5, 24), "fail")])
def test_every_reference_has_used_it_for_six_months(newest, outcome):
    assert look("REF-02", references=ReferenceFacts(count=3, newest_use=newest)) == {"reference_use": outcome}


def test_prices_are_read_from_the_packages():
    whole = PackageFacts(name="Basis", first_year=Decimal("1200.00"), three_years=Decimal("3000.00"))
    bare = PackageFacts(name="Leeg", first_year=None, three_years=None)
    assert look("PRC-01", packages=(whole,)) == {"packages_priced": "pass"}
    assert look("PRC-01", packages=(whole, bare)) == {"packages_priced": "fail"}
    assert look("PRC-01", packages=()) == {"packages_priced": "fail"}
    assert look("PRC-01", packages=None) == {"packages_priced": "unknown"}
    assert look("PRC-03", packages=(whole,)) == {"three_year_cost": "pass"}
    assert look("PRC-03", packages=(whole, bare)) == {"three_year_cost": "fail"}


@pytest.mark.parametrize(
    ("code", "name", "limit"),
    [("EXT-01", "notice_months", 2), ("LAW-01", "cancellation_months", 1), ("SUP-01", "working_days", 1)],
)
def test_terms_for_the_buyer_have_a_limit(code, name, limit):
    assert look(code, {name: str(limit)}) == {"at_most": "pass"}
    assert look(code, {name: str(limit + 1)}) == {"at_most": "fail"}
    assert look(code, {name: "½"}) == {"at_most": "unknown"}
    assert look(code) == {"at_most": "unknown"}


def test_a_security_test_is_recent_and_clean():
    good = {"tested_on": "2026-01-01", "critical_findings": "0"}
    assert look("SEC-02", good) == {"test_age": "pass", "no_critical_findings": "pass"}
    assert look("SEC-02", {**good, "critical_findings": "1"})["no_critical_findings"] == "fail"
    assert look("SEC-05", {"tested_on": "2025-11-22"}) == {"test_age": "fail"}


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://aanbieder.example/oplossing?x=1", True),
        ("http://aanbieder.example", False),
        ("https://localhost", False),
        ("https://127.0.0.1/", False),
        ("https://2130706433/", False),
        ("https://[::1]/", False),
        ("https://[::1", False),
        ("https://user:pw@aanbieder.example/", False),
        ("https://aanbieder.example:8080/", False),
        ("https://aanbieder.example:99999/", False),
        ("javascript:alert(1)", False),
        ("https://aan bieder.example", False),
        ("https://aanbieder.example/" + "a" * 600, False),
        ("", False),
    ],
)
def test_a_web_address_is_https_and_names_a_host(url, fine):
    assert is_web_address(url) is fine


def test_names_are_the_same_but_for_capitals_spaces_and_points():
    assert same_name("Bakkerij Smit B.V.", "BAKKERIJ  SMIT BV")
    assert not same_name("Bakkerij Smit", "Bakkerij Smid")
    assert not same_name("...", "")


def test_months_between_counts_whole_months():
    assert months_between(dt.date(2026, 1, 31), dt.date(2026, 2, 27)) == 0
    assert months_between(dt.date(2026, 1, 31), dt.date(2026, 2, 28)) == 1
    assert months_between(dt.date(2026, 5, 1), dt.date(2026, 4, 30)) == -1


def test_every_check_has_a_sentence_for_each_outcome_it_gives_and_the_sentence_has_no_holes():
    items = tuple(ItemFacts(code=code, need=Need.YES, evidence_kind=EvidenceKind.DOCUMENT) for code in CHECKS)
    empty = run_checks(CheckFacts(kind="listing", today=TODAY, items=items, rules=RULES))
    assert {seen.code for seen in empty} == set(CHECKS)
    for seen in empty:
        assert "%(" not in str(seen)
        assert CheckOutcome.from_json(seen.as_json()) == seen
    for check, outcome in SAW:
        assert outcome in Outcome.values, check


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_figure_breaks_a_check(one, two, three):
    for code, names in [
        ("FIN-01", ("total_assets", "total_liabilities", "x")),
        ("FIN-05", ("iban", "holder", "x")),
        ("INS-01", ("insured_sum", "insured_until", "x")),
        ("SEC-02", ("tested_on", "critical_findings", "x")),
        ("ORG-05", ("url", "x", "y")),
    ]:
        seen = look(code, dict(zip(names, (one, two, three), strict=True)))
        assert set(seen.values()) <= set(Outcome.values)
