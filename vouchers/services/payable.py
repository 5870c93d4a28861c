"""What is asked again before money leaves: insolvency, payee, related party, and grounds to take the voucher back (DESIGN 4.9)."""

from accounts.models import Organisation
from core import clock
from core.reasons import Reason
from core.terms import add_weeks
from vouchers.enums import DecisionKind, Payee, RuleOutcome
from vouchers.models import Claim, Decision, NoticeOfIntent
from vouchers.rules.eligibility import Moment, judge
from vouchers.rules.facts import Facts, PayeeFacts, SuspicionFacts
from vouchers.services.determination import WITHHOLD_WEEKS
from vouchers.services.facts import conditions_of
from vouchers.services.parties import supplier_facts


def payout_objections(claim: Claim) -> list[Reason]:
    """Why this claim may not be paid now, although its amount stands; empty when nothing is against it.

    For use inside a unit, at the moment a payment is prepared and again when it is let go: locks the claim and judges the
    rules of the case at `Moment.PAYOUT` on the facts as they stand under that lock. Whoever gets a reason back does not pay
    and withholds; a decider then releases, lowers or revokes. Says nothing about state, amount or what is on its way.
    """
    claims = Claim.objects.select_for_update(of=("self",)).select_related(
        "bank_account", "voucher__application__rule_set", "voucher__sme", "voucher__provider__organisation"
    )
    claim = claims.get(pk=claim.pk)
    conditions = conditions_of(claim.voucher.application.rule_set)
    outcomes = judge(_facts(claim), conditions, Moment.PAYOUT)
    against = {RuleOutcome.FAIL, RuleOutcome.REVIEW}
    return [why for outcome in outcomes if outcome.outcome in against for why in outcome.reasons]


def _facts(claim: Claim) -> Facts:
    voucher = claim.voucher
    return Facts(
        on=clock.today(),
        suppliers=supplier_facts(voucher.sme, [voucher.provider]),
        not_insolvent=voucher.application.not_insolvent,
        insolvent_since=voucher.sme.insolvent_since,
        payee=_payee(claim),
        suspicion=_suspicion(claim),
    )


def _payee(claim: Claim) -> PayeeFacts | None:
    """The account that was frozen at the determination, as it stands now."""
    account, organisation = claim.bank_account, _paid(claim)
    if account is None:
        return None
    return PayeeFacts(
        name=str(organisation),
        own=account.organisation_id == organisation.pk and account.iban == claim.iban,
        checked=account.verified_at is not None,
        ended=account.ended_at is not None,
    )


def _paid(claim: Claim) -> Organisation:
    voucher = claim.voucher
    return voucher.provider.organisation if claim.payee == Payee.PROVIDER else voucher.sme


def _suspicion(claim: Claim) -> SuspicionFacts | None:
    """The latest notice that the voucher may be taken back, or this determined amount lowered, and was not decided on yet."""
    revoking = NoticeOfIntent.objects.filter(subject=claim.voucher.reference(), kind=DecisionKind.REVOCATION)
    lowering = NoticeOfIntent.objects.filter(subject=claim.reference(), kind=DecisionKind.DETERMINATION)
    notice = (revoking | lowering).filter(dropped_at__isnull=True).order_by("sent_at", "pk").last()
    if notice is None:
        return None
    decided = Decision.objects.filter(subject=notice.subject, kind=notice.kind, decided_at__gte=notice.sent_at)
    if decided.exists():
        return None
    sent = clock.day_of(notice.sent_at)
    return SuspicionFacts(announced_on=sent, until=add_weeks(sent, WITHHOLD_WEEKS))
