"""Vouchers and claims for tests, made through the services. Everybody here is made up."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.enums import Role
from accounts.models import BankAccount, User
from accounts.services import add_bank_account, verify_bank_account
from core import clock
from providers.enums import Benefit
from providers.models import Package
from tests.factories.accounts import member_of, official
from tests.factories.providers import pdf
from tests.factories.vouchers import awarded, business
from vouchers import services
from vouchers.enums import DecisionKind, LowerGround, Payee
from vouchers.models import Claim, NoticeOfIntent, Voucher

PROVIDER_IBAN = "NL44RABO0123456789"
BASELINES = {
    Benefit.TIME: {"times_per_week": Decimal(20), "minutes_before": Decimal(30)},
    Benefit.OUTPUT: {"results_before": Decimal(10), "hours_before": Decimal(8)},
    Benefit.ASSURANCE: None,
}


@dataclass
class Case:
    """A voucher with everybody around it, each a different person."""

    voucher: Voucher
    member: User
    provider_member: User
    assessor: User
    decider: User
    payer: User
    application_assessor: User

    @property
    def sme(self) -> Any:
        return self.voucher.sme

    def again(self) -> Voucher:
        """The voucher as the database has it now."""
        self.voucher = Voucher.objects.get(pk=self.voucher.pk)
        return self.voucher


def case(net: str = "10000.00", *, package: Package | None = None, programme: Any = None, **more: Any) -> Case:
    """An awarded application with one voucher, the account of the business verified."""
    organisation, member = more.pop("business", None) or business()
    application_assessor = official(Role.ASSESSOR)
    decision = awarded(
        programme,
        net=net,
        organisation=organisation,
        by=member,
        assessor=application_assessor,
        **({"package": package} if package else {}),
        **more,
    )
    voucher = decision.application.vouchers.get()
    verify_bank_account(by=official(Role.ASSESSOR), account=decision.application.bank_account)
    return Case(
        voucher=voucher,
        member=member,
        provider_member=member_of(voucher.provider.organisation),
        assessor=official(Role.ASSESSOR),
        decider=official(Role.DECIDER),
        payer=official(Role.TREASURER, Role.APPROVER),
        application_assessor=application_assessor,
    )


def delivered(case: Case, *, on: dt.date | None = None, confirmed: bool = True) -> Voucher:
    """The voucher ordered and delivered (today unless `on`), confirmed by the provider."""
    on = on or clock.today()
    baseline = BASELINES[Benefit(case.voucher.solution.category.benefit)]
    services.record_order(by=case.member, voucher=case.voucher, ordered_on=on, baseline=baseline)
    services.record_delivery(by=case.member, voucher=case.voucher, delivered_on=on)
    if confirmed:
        services.confirm_delivery(by=case.provider_member, voucher=case.voucher)
    return case.again()


def invoice(case: Case, excl: str = "10000.00", **more: Any) -> dict[str, Any]:
    """What stands on an invoice that every machine check likes."""
    net = Decimal(excl)
    organisation = case.voucher.provider.organisation
    return {
        "number": "2026-0417",
        "dated": clock.today(),
        "excl": net,
        "incl": net + (net * 21).quantize(Decimal(1)) / 100,
        "description": f"{case.voucher.solution.name}, {case.voucher.package.name}",
        "kvk": organisation.kvk,
        "vat_id": organisation.vat_id,
        "file": pdf("factuur.pdf"),
        **more,
    }


def draft_claim(case: Case, excl: str = "10000.00", **more: Any) -> Claim:
    """A complete claim that was not sent yet."""
    if case.again().delivered_on is None:
        delivered(case)
    claim = services.start_claim(by=case.member, voucher=case.voucher)
    claim = services.save_invoice(by=case.member, claim=claim, **invoice(case, excl, **more))
    claim = services.save_payment(by=case.member, claim=claim, payee=Payee.SME, account=claim.bank_account)
    return services.name_end_users(by=case.member, claim=claim, people=[("Robin Voorbeeld", "robin@bedrijf.example")])


def submitted_claim(case: Case, excl: str = "10000.00", **more: Any) -> Claim:
    """A claim that was sent."""
    return services.submit_claim(by=case.member, claim=draft_claim(case, excl, **more))


def proven(case: Case, claim: Claim) -> Claim:
    """A claim in review for which proof of payment and of use was asked and given, in review again."""
    services.ask_more_claim(by=case.assessor, claim=claim, question="Stuur een betaalbewijs.")
    services.answer_question(
        by=case.member,
        claim=claim,
        text="Zie de bijlagen.",
        payment_proof=pdf("bank.pdf"),
        use_proof=pdf("scherm.pdf"),
    )
    services.submit_claim(by=case.member, claim=claim)
    return services.take_up_claim(by=case.assessor, claim=claim)


def advised_claim(case: Case, excl: str = "10000.00", **more: Any) -> Claim:
    """A claim that an assessor checked and advised on; with proof when it is asked for, by lot or for a check that did not pass."""
    claim = services.take_up_claim(by=case.assessor, claim=submitted_claim(case, excl, **more))
    if claim.needs_proof:
        claim = proven(case, claim)
    judgements = {
        finding.code.value: (True, "Zelf gezien en in orde.") for finding in claim.findings if finding.outcome != "pass"
    }
    return services.advise_claim(by=case.assessor, claim=claim, text="Alles gezien.", judgements=judgements)


def determined_claim(case: Case, excl: str = "10000.00", **more: Any) -> Claim:
    """A claim with its amount decided."""
    return services.determine(by=case.decider, claim=advised_claim(case, excl, **more))


def paid_claim(case: Case, excl: str = "10000.00", *, ref: str = "", **more: Any) -> Claim:
    """A claim that was paid today."""
    claim = determined_claim(case, excl, **more)
    ref = ref or f"payout-{claim.pk}"
    return services.mark_paid(by=case.payer, claim=claim, paid_on=clock.today(), payout_ref=ref)


def lowered_claim(case: Case, amount: str, *, paid: bool = False) -> Claim:
    """A claim that was determined at less than the rules give, after a notice that was answered; paid in full before or not."""
    claim = paid_claim(case) if paid else determined_claim(case)
    revised = {"amount": Decimal(amount), "why": "De helft is niet geleverd.", "ground": LowerGround.NOT_DONE}
    claim = services.revise_claim(by=official(Role.DECIDER), claim=claim, **revised)
    services.send_claim_notice(by=case.decider, claim=claim, text="Wij willen minder betalen.")
    services.answer_claim_notice(by=case.member, claim=claim, text="Dat klopt.")
    return services.determine(by=case.decider, claim=claim, explanation="De helft is niet geleverd.")


def announced(case: Case, subject: Any, kind: DecisionKind, *grounds: Any, amount: str | None = None) -> NoticeOfIntent:
    """A notice of intent on these grounds that the business answered; its amount in euros where it is about one.

    Who announces is not who decides: the assessor of the claim does.
    """
    services.announce(
        by=case.assessor,
        subject=subject,
        kind=kind,
        grounds=grounds,
        amount=None if amount is None else Decimal(amount),
        text="Wij zijn dit van plan.",
    )
    return services.respond(by=case.member, subject=subject, kind=kind, text="Gezien.")


def provider_account(case: Case, *, verified: bool = True) -> BankAccount:
    """An account of the provider."""
    organisation = case.voucher.provider.organisation
    account = add_bank_account(
        by=case.provider_member, organisation=organisation, iban=PROVIDER_IBAN, holder=organisation.legal_name
    )
    return verify_bank_account(by=official(Role.ASSESSOR), account=account) if verified else account
