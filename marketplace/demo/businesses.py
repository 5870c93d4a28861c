"""Businesses of the demo with their scans, and anonymous scans beside them so that some benchmarks show."""

import datetime as dt
from random import Random

from accounts.enums import OrganisationKind, Role
from accounts.models import BankAccount, Municipality, Organisation, Sector, User
from accounts.services import add_bank_account, grant_role, register_organisation, verify_bank_account
from marketplace.demo.days import Days
from marketplace.demo.made_up import iban, vat_id
from marketplace.demo.people import LOADER, Cast
from marketplace.demo.rows import codes, rows
from roadmap.services import VISITOR, claim_scan, scan_at_once

ITEMS = [f"{block}{number}" for block in "AB" for number in range(1, 7)]

CROWDS = [
    ("DETAIL", "GM0014", 5, "47", 26, 12),
    ("HORECA", "GM0080", 8, "56", 28, 11),
    ("BOUW", "GM0106", 14, "43", 30, 11),
    ("MAAK", "GM0114", 30, "25", 40, 10),
    ("ZAKELIJK", "GM0014", 6, "69", 37, 10),
    ("ZORG", "GM0085", 7, "86", 33, 4),
]
"""Sector, municipality, headcount, SBI, middle of the sums, number of anonymous scans. The last crowd is too small to show."""


class Businesses:
    """Makes the businesses and knows them by their code."""

    def __init__(self, cast: Cast, days: Days):
        self.cast, self.days = cast, days
        self.by_code: dict[str, Organisation] = {}
        self.members: dict[str, User] = {}

    def make(self) -> None:
        for number, row in enumerate(rows("smes")):
            self._make(number, row)
        self._crowds()

    def _make(self, number: int, row: dict[str, str]) -> None:
        code = row["code"]
        with self.days.at(200 - number, 20):
            member = self.cast.person(row["account"] or f"demo+{code}")
            answers = answers_for(int(row["sum"]), code)
            _scan, token = scan_at_once(
                by=VISITOR,
                sector=row["sector"],
                answers=answers,
                municipality=row["municipality"],
                headcount=int(row["headcount"]),
                have=codes(row["have"]),
                sbi=row["sbi"],
            )
        with self.days.at(199 - number, 20):
            business = register_organisation(
                by=member,
                kind=OrganisationKind.SME,
                **{name: row[name] for name in ("legal_name", "kvk", "legal_form", "city", "sbi")},
                municipality=Municipality.objects.get(pk=row["municipality"]),
                sector=Sector.objects.get(pk=row["sector"]),
                headcount=int(row["headcount"]),
                founded_on=dt.date.fromisoformat(row["founded_on"]),
                street=f"Verzonnenstraat {number + 1}",
                postcode=f"{9700 + number} XX",
                vat_id=vat_id(500 + number),
            )
            claim_scan(by=member, token=token, organisation=business)
            holder = row["legal_name"]
            account = add_bank_account(by=member, organisation=business, iban=iban(5000 + number), holder=holder)
            colleague = self.cast.person(f"demo+{code}.collega")
            grant_role(by=LOADER, person=colleague, organisation=business, role=Role.MEMBER)
        with self.days.at(195 - number, 10):
            verify_bank_account(by=self.cast["assessor3"], account=account)
        self.by_code[code], self.members[code] = business, member

    def account(self, code: str) -> BankAccount:
        return self.by_code[code].bank_accounts.get()

    def _crowds(self) -> None:
        for sector, municipality, headcount, sbi, middle, size in CROWDS:
            chance = Random(sector)  # noqa: S311 - the same crowd every time
            for number in range(size):
                with self.days.at(150 - 5 * number, 21):
                    scan_at_once(
                        by=VISITOR,
                        sector=sector,
                        answers=answers_for(middle + chance.randint(-8, 8), f"{sector}{number}"),
                        municipality=municipality,
                        headcount=headcount,
                        sbi=sbi,
                    )


def answers_for(total: int, seed: str) -> dict[str, int]:
    """Twelve answers from 1 to 5 that add up to `total`, spread by chance, the same for the same seed."""
    chance = Random(seed)  # noqa: S311 - the same answers every time
    answers = dict.fromkeys(ITEMS, 1)
    for _point in range(total - len(ITEMS)):
        answers[chance.choice([item for item in ITEMS if answers[item] < 5])] += 1
    return answers
