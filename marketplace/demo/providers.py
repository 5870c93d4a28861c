"""Providers of the demo, each as far on its way to admission as its row says."""

import datetime as dt
from typing import Any

from accounts.models import Municipality, User
from core import clock
from marketplace.demo.accounts import address
from marketplace.demo.days import Days
from marketplace.demo.made_up import iban, paper, vat_id
from marketplace.demo.people import Cast
from marketplace.demo.rows import rows
from providers import services
from providers.enums import Advice, DossierKind, Measure, MeasureGround, Need, Outcome, RejectGround, Verdict
from providers.models import Dossier, DossierItem, Provider
from providers.rules.vetting import FILE_KINDS
from providers.services.facts import stored_checks

VETERAN = "wadden"
"""The provider that was here long before the others and has been renewed since."""

VETERAN_CAME, RENEWED = 780, (425, 75)
"""How many days ago it came, and was renewed."""

APPLIES = frozenset({"FIN-01", "FIN-02", "ORG-02", "SEC-03", "SEC-05", "PRI-01", "SUP-02"})
"""Conditional items that apply to the providers of the demo; the others do not, with a reason."""


class Vetting:
    """Takes one dossier through its round, with the people of the demo."""

    def __init__(self, cast: Cast, days: Days):
        self.cast, self.days = cast, days

    def run(
        self, start: int, until: str, *, member: User, number: int, assessor: str, decider: str, **about: Any
    ) -> Dossier:
        """A dossier that was started so many days ago and stands where `until` says: draft, submitted, in_review,
        more_information, advised, approved, rejected, dismissed or withdrawn. A decision takes twelve days."""
        at, cast = self.days.at, self.cast
        with at(start, 9):
            dossier = services.start_dossier(by=member, **about)
            for item in dossier.items.select_related("checklist_item").order_by("code"):
                if until == "draft" and item.code > "INT":
                    break  # filled in by halves
                self._answer(member, dossier, item, number)
            if until == "draft":
                return dossier
        with at(start - 1, 9):
            dossier = services.submit_dossier(by=member, dossier=dossier)
        if until == "submitted":
            return dossier
        with at(start - 4, 11):
            if until == "withdrawn":
                return services.withdraw_dossier(by=member, dossier=dossier)
            dossier = services.take_up(by=cast[assessor], dossier=dossier)
        if until in {"more_information", "dismissed"}:
            return self._ask(start, until, dossier, assessor, decider)
        with at(start - 5, 14):
            unmet = self._judge(dossier, assessor, fails=until == "rejected", halfway=until == "in_review")
            if until == "in_review":
                return dossier
        with at(start - 6, 10):
            advice = Advice.REJECT if unmet else Advice.APPROVE
            text = f"Aan {unmet} is niet voldaan." if unmet else "Alle eisen zijn gezien en in orde."
            dossier = services.advise(by=cast[assessor], dossier=dossier, advice=advice, text=text)
        if until == "advised":
            return dossier
        with at(start - 12, 10):
            if until == "rejected":
                grounds, text = (
                    [RejectGround.NOT_MET],
                    f"{unmet} ontbreekt nog. U kunt opnieuw aanvragen als het er is.",
                )
                return services.reject(by=cast[decider], dossier=dossier, grounds=grounds, text=text)
            return services.approve(by=cast[decider], dossier=dossier, text="Voldoet aan alle gepubliceerde eisen.")

    def _ask(self, start: int, until: str, dossier: Dossier, assessor: str, decider: str) -> Dossier:
        with self.days.at(start - 5, 10):
            text = "Wilt u de polis van uw verzekering opnieuw toevoegen? De einddatum is niet te lezen."
            dossier = services.ask_more(by=self.cast[assessor], dossier=dossier, text=text)
        if until == "more_information":
            return dossier
        with self.days.at(start - 30, 10):
            return services.dismiss(
                by=self.cast[decider], dossier=dossier, text="Er kwam geen antwoord binnen de termijn."
            )

    def _answer(self, member: User, dossier: Dossier, item: DossierItem, number: int) -> None:
        applies = None if item.need != Need.CONDITIONAL else _applies(dossier, item.code)
        if applies is False:
            reason = "Dit is bij ons niet aan de orde."
            services.answer_item(by=member, dossier=dossier, code=item.code, applies=False, applies_reason=reason)
            return
        title = item.checklist_item.title_nl
        with_file = item.evidence_kind in FILE_KINDS
        services.answer_item(
            by=member,
            dossier=dossier,
            code=item.code,
            applies=applies,
            statement=f"{title}: zie de bijlage." if with_file else f"{title}: dat is bij ons geregeld.",
            figures=_figures(dossier, item.code, number, clock.today()),
            uploads=[paper(title)] if with_file else [],
        )

    def _judge(self, dossier: Dossier, assessor: str, *, fails: bool, halfway: bool) -> str:
        """Gives the verdicts, all or the first half of them. Returns the title of what is not met, if anything."""
        seen: dict[str, set[str]] = {}
        for check in stored_checks(dossier):
            seen.setdefault(check.code, set()).add(check.outcome)
        items = list(dossier.items.select_related("checklist_item").order_by("code"))
        unmet = ""
        for item in items[: len(items) // 2] if halfway else items:
            verdict, note = Verdict.MET, ""
            if item.applies is False:
                verdict, note = Verdict.NOT_APPLICABLE, "De reden klopt."
            elif fails and not unmet and item.code in {"INS-01", "EXT-01"}:
                verdict, note = Verdict.NOT_MET, "Het bewijs is niet compleet."
                unmet = item.checklist_item.title_nl
            elif seen.get(item.code, set()) - {Outcome.PASS}:
                note = "Zelf bekeken en in orde bevonden."
            services.give_verdict(by=self.cast[assessor], dossier=dossier, code=item.code, verdict=verdict, note=note)
        return unmet


def _applies(dossier: Dossier, code: str) -> bool:
    if code in {"FIN-01", "FIN-02"} and dossier.provider.organisation.legal_form == "partnership":
        return False
    if code == "ORG-02":
        founded = dossier.provider.organisation.founded_on
        return clock.today() - founded > dt.timedelta(days=366)
    return code in APPLIES


def _figures(dossier: Dossier, code: str, number: int, today: dt.date) -> dict[str, Any]:
    recent = today - dt.timedelta(days=5)
    provider = dossier.provider
    figures: dict[str, dict[str, Any]] = {
        "FIN-01": {"total_assets": f"{140 + 7 * number}000.00", "total_liabilities": f"{50 + 2 * number}000.00"},
        "FIN-02": {"current_assets": f"{80 + 3 * number}000.00", "current_liabilities": f"{30 + number}000.00"},
        "FIN-03": {"checked_on": recent},
        "FIN-04": {"issued_on": recent},
        "FIN-05": {"iban": iban(1000 + number), "holder": provider.organisation.legal_name},
        "INS-01": {"insured_sum": "1000000.00", "insured_until": today + dt.timedelta(days=500)},
        "INT-04": {"code_version": True},
        "INT-06": {"checked_on": recent},
        "ORG-05": {"url": provider.website},
        "SEC-03": {"url": f"{provider.website}melden"},
        "SEC-05": {"tested_on": recent},
        "EXT-01": {"notice_months": "1"},
        "LAW-01": {"cancellation_months": "1"},
        "SUP-01": {"working_days": "1"},
    }
    return figures.get(code, {})


class Providers:
    """Makes the providers and knows them by their code."""

    def __init__(self, cast: Cast, days: Days):
        self.cast, self.days, self.vetting = cast, days, Vetting(cast, days)
        self.by_code: dict[str, Provider] = {}
        self.members: dict[str, User] = {}

    def make(self) -> None:
        for number, row in enumerate(rows("providers")):
            self._make(number, row)

    def measures(self) -> None:
        """What happened to some of them later, after their solutions were listed: suspended, removed, left."""
        for row in rows("providers"):
            provider = self.by_code[row["code"]]
            match row["outcome"]:
                case "suspended":
                    self._measure(provider, Measure.SUSPEND, 60, MeasureGround.COMPLAINT)
                case "removed":
                    self._measure(provider, Measure.REMOVE, 90, MeasureGround.CODE_OF_CONDUCT)
                case "left":
                    with self.days.at(45, 15):
                        services.leave(by=self.members[row["code"]], provider=provider)

    def _make(self, number: int, row: dict[str, str]) -> None:
        code, outcome = row["code"], row["outcome"]
        came = VETERAN_CAME if code == VETERAN else 310 - 2 * number
        until = "approved" if outcome in {"admitted", "suspended", "removed", "left"} else outcome
        if until != "approved":
            came = {"submitted": 4, "in_review": 9, "more_information": 9, "advised": 10, "draft": 6}.get(until, 60)
        with self.days.at(came + 2, 10):
            member = self.cast.person(row["account"] or f"demo+{code}")
            provider = services.register_provider(by=member, **self._fields(number, row, member))
        self.by_code[code], self.members[code] = provider, member
        people = {"assessor": turn("assessor", number), "decider": turn("decider", number)}
        about = {"member": member, "number": number, "provider": provider, **people}
        self.vetting.run(came, until, kind=DossierKind.ADMISSION, **about)
        if code == VETERAN:
            for days in RENEWED:
                self.vetting.run(days, "approved", kind=DossierKind.RENEWAL, **about)
        provider.refresh_from_db()

    def _fields(self, number: int, row: dict[str, str], member: User) -> dict[str, Any]:
        foreign = not row["kvk"]
        town = f" uit {row['city']}" if row["city"] else ""
        return {
            **{
                name: row[name]
                for name in ("legal_name", "trade_name", "legal_form", "kvk", "street", "postcode", "city")
            },
            "municipality": Municipality.objects.filter(pk=row["municipality"]).first(),
            "country": "DE" if foreign else "NL",
            "foreign_registration": "HRB 900030 (demo)" if foreign else "",
            "vat_id": vat_id(number, "DE" if foreign else "NL"),
            "founded_on": dt.date.fromisoformat(row["founded_on"]),
            "website": f"https://www.{row['code']}-demo.example/",
            "contact_name": member.name,
            "contact_email": address(f"demo+{row['code']}.contact"),
            "contact_phone": f"000 - 00 00 {number:02d}",
            "about_nl": f"{row['trade_name']}{town} helpt kleine bedrijven vooruit. Een verzonnen aanbieder voor de demo.",
            "about_en": f"{row['trade_name']} helps small businesses on. A made-up provider for the demo.",
        }

    def _measure(self, provider: Provider, measure: Measure, days: int, ground: MeasureGround) -> None:
        with self.days.at(days + 20, 10):
            text = "Er is een klacht die al twee maanden openstaat. Wij willen weten wat u eraan doet."
            services.announce_measure(by=self.cast["assessor2"], provider=provider, measure=measure, text=text)
        with self.days.at(days, 10):
            decide = services.suspend_provider if measure == Measure.SUSPEND else services.remove_provider
            text = "U heeft niet gereageerd en de klacht is niet opgelost."
            decide(by=self.cast["decider2"], provider=provider, grounds=[ground], text=text)


def turn(role: str, number: int) -> str:
    """The officials take turns: the first, the second or the third with this role."""
    return f"{role}{number % 3 + 1}" if number % 3 else role
