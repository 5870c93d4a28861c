"""What a machine can see of a dossier, and what it cannot (DESIGN 4.4: automatic checks say what they saw).

A check gives `pass`, `fail` or `unknown` with the figures it looked at. Unknown is an outcome of its own: it is shown to the
assessor, who then writes down what he saw himself. Sources: column `auto_check` of the checklist.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from core.identifiers import validate_iban, validate_kvk, validate_vat_id
from core.terms import add_months
from providers.enums import Outcome
from providers.rules.rulesets import VettingRules
from providers.rules.saw import SAW
from providers.rules.vetting import EEA, ItemFacts


@dataclass(frozen=True, kw_only=True)
class CheckOutcome:
    """What one machine check saw of one item. `saw` holds text only: it is stored with the dossier."""

    code: str
    check: str
    outcome: str
    saw: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        words = str(SAW[(self.check, str(self.outcome))])
        return words % self.saw if self.saw else words

    def as_json(self) -> dict[str, Any]:
        """The outcome as a dossier and the trail store it."""
        return {"code": self.code, "check": self.check, "outcome": str(self.outcome), "saw": dict(self.saw)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "CheckOutcome":
        """The outcome behind a stored row. Raises KeyError when the row is not one."""
        return cls(code=stored["code"], check=stored["check"], outcome=Outcome(stored["outcome"]), saw=stored["saw"])


@dataclass(frozen=True, kw_only=True)
class PackageFacts:
    """One package of the solution. Amounts in euros excluding VAT; None = not filled in."""

    name: str
    first_year: Decimal | None
    three_years: Decimal | None


@dataclass(frozen=True, kw_only=True)
class ReferenceFacts:
    """The reference customers of a solution: distinct unlinked businesses, first day of use of the newest, answers below
    neutral, and how many there are in each sector (those of an unknown sector are in none).
    """

    count: int
    newest_use: dt.date | None = None
    answered: int = 0
    below_neutral: int = 0
    by_sector: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CheckFacts:
    """Everything the machine checks look at. None means that it is not known.

    `sectors` are those the solution is made for, none for a generic one; `open_complaints` those about the subject of the
    dossier: the solution, or every solution of the provider.
    """

    kind: str
    today: dt.date
    items: tuple[ItemFacts, ...]
    rules: VettingRules
    country: str = "NL"
    kvk: str = ""
    kvk_of_others: str | None = None
    kvk_taken: bool | None = None
    vat_id: str = ""
    legal_name: str = ""
    founded_on: dt.date | None = None
    website: str = ""
    linked_officials: int = 0
    own_measures: int | None = None
    packages: tuple[PackageFacts, ...] | None = None
    references: ReferenceFacts | None = None
    expired_evidence: int | None = None
    sectors: frozenset[str] | None = None
    open_complaints: int | None = None


def months_between(start: dt.date, end: dt.date) -> int:
    """Whole calendar months from `start` to `end`; negative when `start` lies in the future."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if add_months(start, months) > end else months


def run_checks(facts: CheckFacts) -> list[CheckOutcome]:
    """Every machine check of every answered item, in the order of the items.

    An optional item without an answer and a conditional item that does not apply have nothing to look at, but an item that
    is due is always looked at, so that what could not be seen is said. ORG-02 is looked at in every case: whether a
    provider is younger than a year is a fact, not a choice.
    """
    return [
        outcome
        for item in facts.items
        if item.asked or item.code == "ORG-02"
        for check in CHECKS.get(item.code, ())
        for outcome in check(item, facts)
    ]


Check = Callable[[ItemFacts, CheckFacts], Iterable[CheckOutcome]]


def _saw(item: ItemFacts, check: str, passed: bool | None, **saw: Any) -> CheckOutcome:
    outcome = Outcome.UNKNOWN if passed is None else Outcome.PASS if passed else Outcome.FAIL
    return CheckOutcome(
        code=item.code, check=check, outcome=outcome, saw={key: str(value) for key, value in saw.items()}
    )


def _amount(item: ItemFacts, name: str) -> Decimal | None:
    try:
        value = Decimal(item.figures.get(name) or "")
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _day(item: ItemFacts, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(item.figures.get(name) or "")
    except ValueError:
        return None


def _number(item: ItemFacts, name: str) -> int | None:
    written = item.figures.get(name) or ""
    return int(written) if re.fullmatch(r"[0-9]{1,6}", written, re.ASCII) else None


def _valid(validate: Callable[[str], None], text: str) -> bool:
    try:
        validate(text)
    except ValidationError:
        return False
    return True


# --- admission --------------------------------------------------------------------------------------------------------


def _trade_register(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    if not facts.kvk and facts.country in EEA - {"NL"}:
        yield _saw(item, "kvk_form", None, country=facts.country)
    else:
        yield _saw(item, "kvk_form", _valid(validate_kvk, facts.kvk), kvk=facts.kvk)
    known = facts.kvk and facts.kvk_taken is not None
    yield _saw(item, "kvk_unique", not facts.kvk_taken if known else None)
    if facts.kvk and facts.kvk_of_others is not None:
        # Another door to the same business is allowed; whether both may speak for it, a person has to see.
        yield _saw(item, "kvk_elsewhere", None if facts.kvk_of_others else True, names=facts.kvk_of_others)
    valid = _valid(validate_vat_id, facts.vat_id) if facts.vat_id else None
    yield _saw(item, "vat_id", valid, vat_id=facts.vat_id)


def _trading_time(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    if facts.founded_on is None:
        yield _saw(item, "trading_time", None)
        return
    months = months_between(facts.founded_on, facts.today)
    needed = facts.rules.trading_months
    yield _saw(item, "trading_time", months >= needed, since=facts.founded_on, months=months, needed=needed)


def is_web_address(text: str) -> bool:
    """Whether this is an https address of a named host: no IP number, no user, no port, no spaces, at most 500 characters."""
    if not text or len(text) > 500 or not text.isascii() or re.search(r"[\s<>\"\\]", text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    named = re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", host)
    return parts.scheme == "https" and port is None and "@" not in parts.netloc and bool(named)


def _website(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    url = item.figures.get("url") or facts.website
    yield _saw(item, "website_form", is_web_address(url) if url else None, url=url)
    yield _saw(item, "website_opens", None)


def _contact_point(item: ItemFacts, _facts: CheckFacts) -> Iterator[CheckOutcome]:
    url = item.figures.get("url") or ""
    if url:
        yield _saw(item, "website_form", is_web_address(url), url=url)
    yield _saw(item, "website_opens", None)


def _equity(item: ItemFacts, _facts: CheckFacts) -> Iterator[CheckOutcome]:
    assets, liabilities = _amount(item, "total_assets"), _amount(item, "total_liabilities")
    if assets is None or liabilities is None:
        yield _saw(item, "positive_equity", None)
        return
    equity = assets - liabilities
    yield _saw(item, "positive_equity", equity > 0, assets=assets, liabilities=liabilities, equity=equity)


def _current_ratio(item: ItemFacts, _facts: CheckFacts) -> Iterator[CheckOutcome]:
    assets, liabilities = _amount(item, "current_assets"), _amount(item, "current_liabilities")
    if assets is None or liabilities is None:
        yield _saw(item, "current_ratio", None)
        return
    yield _saw(item, "current_ratio", liabilities <= 0 or assets >= liabilities, assets=assets, liabilities=liabilities)


def _register_checked(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    on, days = _day(item, "checked_on"), facts.rules.register_check_days
    recent = None if on is None else dt.timedelta(0) <= facts.today - on <= dt.timedelta(days=days)
    yield _saw(item, "register_checked", recent, on=on or "", days=days)


def _not_older(day: dt.date | None, months: int, today: dt.date) -> bool | None:
    return None if day is None else day <= today <= add_months(day, months)


def _tax_statement(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    on, months = _day(item, "issued_on"), facts.rules.tax_statement_months
    yield _saw(item, "statement_age", _not_older(on, months, facts.today), on=on or "", months=months)


def same_name(one: str, other: str) -> bool:
    """Whether two business names are the same but for capitals, spaces and punctuation (`Bakkerij Smit B.V.`, `BAKKERIJ SMIT BV`)."""
    return bool(_letters(one)) and _letters(one) == _letters(other)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _bank_account(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    iban, holder = item.figures.get("iban") or "", item.figures.get("holder") or ""
    yield _saw(item, "iban_form", _valid(validate_iban, iban) if iban else None, tail=iban[-4:])
    matches = same_name(holder, facts.legal_name) if holder else None
    yield _saw(item, "holder_matches", matches, holder=holder, legal_name=facts.legal_name)


def _insurance(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    until, insured = _day(item, "insured_until"), _amount(item, "insured_sum")
    yield _saw(item, "insured_until", None if until is None else until >= facts.today, until=until or "")
    minimum = facts.rules.insured_minimum
    yield _saw(item, "insured_sum", None if insured is None else insured >= minimum, sum=insured or "", minimum=minimum)


def _no_linked_official(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    yield _saw(item, "no_linked_official", facts.linked_officials == 0, count=facts.linked_officials)


def _own_sanctions(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    known = bool(facts.kvk) and facts.own_measures is not None
    yield _saw(item, "own_sanctions", facts.own_measures == 0 if known else None, count=facts.own_measures or 0)


def _code_of_conduct(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    version = facts.rules.code_of_conduct
    yield _saw(item, "code_version", item.figures.get("code_version") == version, version=version)


def _certificate(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    until = _day(item, "certificate_until")
    yield _saw(item, "certificate_until", None if until is None else until >= facts.today, until=until or "")


# --- listing ----------------------------------------------------------------------------------------------------------


def _packages_priced(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    if facts.packages is None:
        yield _saw(item, "packages_priced", None)
        return
    priced = bool(facts.packages) and all(package.first_year is not None for package in facts.packages)
    yield _saw(item, "packages_priced", priced, count=len(facts.packages))


def _three_year_cost(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    if facts.packages is None:
        yield _saw(item, "three_year_cost", None)
        return
    costs = [package.three_years for package in facts.packages if package.three_years is not None]
    complete = bool(costs) and len(costs) == len(facts.packages)
    yield _saw(
        item, "three_year_cost", complete, lowest=min(costs) if costs else "", highest=max(costs) if costs else ""
    )


def _references(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    least, full = facts.rules.references_trial, facts.rules.references_full
    if facts.references is None:
        yield _saw(item, "references", None)
        return
    count = facts.references.count
    yield _saw(item, "references", count >= least, count=count, least=least)
    if count >= least:
        yield _saw(item, "references_full", count >= full, full=full)
        yield _reference_sectors(item, facts, facts.references)


def _reference_sectors(item: ItemFacts, facts: CheckFacts, references: ReferenceFacts) -> CheckOutcome:
    """Enough references in the sectors of the solution; a generic one wants references in several sectors.

    A reference of which the sector is not known might be in the right one: then a person has to look.
    """
    unknown = references.count - sum(references.by_sector.values())
    if facts.sectors is None:
        return _saw(item, "reference_sectors", None, unknown=unknown)
    if facts.sectors:
        needed = facts.rules.references_trial
        seen = sum(number for sector, number in references.by_sector.items() if sector in facts.sectors)
    else:
        needed, seen = facts.rules.generic_sectors, len(references.by_sector)
    passed = True if seen >= needed else None if seen + unknown >= needed else False
    check = "reference_sectors" if facts.sectors else "reference_generic"
    return _saw(item, check, passed, seen=seen, needed=needed, unknown=unknown)


def _reference_use(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    months = facts.rules.reference_use_months
    newest = facts.references.newest_use if facts.references else None
    used = None if newest is None else add_months(newest, months) <= facts.today
    yield _saw(item, "reference_use", used, newest=newest or "", months=months)


def _reference_satisfaction(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    references = facts.references
    if references is None or not references.answered:
        yield _saw(item, "reference_satisfaction", None)
        return
    most = facts.rules.most_dissatisfied
    good = Fraction(references.below_neutral, references.answered) <= most
    yield _saw(
        item,
        "reference_satisfaction",
        good,
        low=references.below_neutral,
        count=references.answered,
        most=most.numerator,
        of=most.denominator,
    )


def _no_complaints(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    complaints = facts.open_complaints
    yield _saw(item, "no_complaints", None if complaints is None else complaints == 0, count=complaints or 0)


def _test_report(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    on, months = _day(item, "tested_on"), facts.rules.test_report_months
    yield _saw(item, "test_age", _not_older(on, months, facts.today), on=on or "", months=months)
    if item.code == "SEC-02":
        findings = _number(item, "critical_findings")
        passed = None if findings is None else findings == 0
        yield _saw(item, "no_critical_findings", passed, count=findings or 0)


def _at_most(name: str, limit: Callable[[VettingRules], int]) -> Check:
    def check(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
        value, allowed = _number(item, name), limit(facts.rules)
        passed = None if value is None else value <= allowed
        yield _saw(item, "at_most", passed, value="" if value is None else value, limit=allowed)

    return check


def _yearly_review(item: ItemFacts, facts: CheckFacts) -> Iterator[CheckOutcome]:
    expired = facts.expired_evidence
    yield _saw(item, "evidence_in_date", None if expired is None else expired == 0, count=expired or 0)


CHECKS: Mapping[str, tuple[Check, ...]] = {
    "ORG-01": (_trade_register,),
    "ORG-02": (_trading_time,),
    "ORG-05": (_website,),
    "FIN-01": (_equity,),
    "FIN-02": (_current_ratio,),
    "FIN-03": (_register_checked,),
    "FIN-04": (_tax_statement,),
    "FIN-05": (_bank_account,),
    "INS-01": (_insurance,),
    "INT-02": (_no_linked_official,),
    "INT-04": (_code_of_conduct,),
    "INT-05": (_own_sanctions,),
    "INT-06": (_register_checked,),
    "SEC-01": (_certificate,),
    "SEC-03": (_contact_point,),
    "REV-01": (_yearly_review, _no_complaints),
    "PRC-01": (_packages_priced,),
    "PRC-03": (_three_year_cost,),
    "REF-01": (_references,),
    "REF-02": (_reference_use,),
    "REF-04": (_reference_satisfaction, _no_complaints),
    "SEC-02": (_test_report,),
    "SEC-05": (_test_report,),
    "EXT-01": (_at_most("notice_months", lambda rules: rules.exit_notice_months),),
    "LAW-01": (_at_most("cancellation_months", lambda rules: rules.cancellation_months),),
    "SUP-01": (_at_most("working_days", lambda rules: rules.support_working_days),),
}
"""Which checks look at which item of the checklist. An item that is not here is read by a person only."""

__all__ = [
    "CHECKS",
    "SAW",
    "CheckFacts",
    "CheckOutcome",
    "PackageFacts",
    "ReferenceFacts",
    "is_web_address",
    "months_between",
    "run_checks",
    "same_name",
]
