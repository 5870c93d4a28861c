"""What this room reads of a claim: is it payable, how much, to which account. Claims are pulled; they never push."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation

from accounts.models import Organisation
from core.canonical import content_hash
from core.reasons import Reason
from payouts import rules
from payouts.actors import RAILS
from payouts.enums import LIVE_PAYOUT
from payouts.gateways.protocol import Outcome
from payouts.gateways.sepa import SepaGateway
from payouts.models import Payout
from payouts.reasons import PayoutReason
from payouts.rules import Payable
from payouts.wording import said
from vouchers.enums import ClaimState, Payee, PaymentRail
from vouchers.models import Claim, Programme
from vouchers.services import payout_objections, withhold_claim
from vouchers.services.budget import budgets_of


def waiting_claims() -> QuerySet[Claim]:
    """Claims that wait for a payment and are not being paid yet."""
    on_its_way = Payout.objects.filter(claim=OuterRef("pk"), state__in=LIVE_PAYOUT)
    return Claim.objects.payable().filter(~Exists(on_its_way)).order_by()


def payable_claims(programme: Programme) -> QuerySet[Claim]:
    """What waits in this programme, longest waiting first."""
    return waiting_claims().filter(voucher__application__programme=programme).with_case().order_by("pay_by", "pk")


def lock(pks: Iterable[int]) -> list[Claim]:
    """The claims with these keys, locked in the order of their keys until the unit ends."""
    return list(
        Claim.objects.select_for_update(of=("self",))
        .filter(pk__in=list(pks))
        .select_related(
            "voucher__application__programme", "voucher__sme", "voucher__provider__organisation", "bank_account"
        )
        .order_by("pk")
    )


def lock_with_budgets(pk: int) -> Claim:
    """The claim with this key, locked until the unit ends, after the budgets it is paid from.

    What may make a payment count starts here and locks the payout after it (docs/locking.md).
    """
    budgets_of(Claim.objects.select_related("voucher__application__programme").get(pk=pk).voucher.application)
    [claim] = lock([pk])
    return claim


def payee(claim: Claim) -> Organisation:
    """Who gets the money: the business, or its provider by payment instruction (DESIGN 4.12)."""
    if claim.payee == Payee.PROVIDER:
        return claim.voucher.provider.organisation
    return claim.voucher.sme


def programme(claim: Claim) -> Programme:
    """The programme a claim is paid from."""
    return claim.voucher.application.programme


def facts(claim: Claim, *, wanted: Programme, rail: str, live: bool) -> Payable:
    """What the rule `payable` asks, as it stands now. `live` says whether a payout of this claim is on its way."""
    account = claim.bank_account
    return Payable(
        claim=claim.number,
        payable=claim.state == ClaimState.DETERMINED,
        same_programme=claim.voucher.application.programme_id == wanted.pk,
        live_payout=live,
        iban=claim.iban,
        account_known=account is not None and account.iban == claim.iban,
        account_checked=account is not None and account.verified_at is not None,
        account_ended=account is not None and account.ended_at is not None,
        stripe_account=claim.stripe_account,
        amount=claim.payable_amount,
        rail=rail,
    )


def objections(claim: Claim, *, wanted: Programme, rail: str, live: bool) -> list[Reason]:
    """Why this claim cannot go into a batch now, whoever makes it; empty when it can. Asks nobody outside."""
    return rules.payable(facts(claim, wanted=wanted, rail=rail, live=live)) or _fits_in_file(claim, rail)


def _fits_in_file(claim: Claim, rail: str) -> list[Reason]:
    if rail != PaymentRail.SEPA:
        return []
    trial = Payout(number=uuid.uuid4(), rail=rail, **instruction(claim, rail))
    answer = SepaGateway().send(trial.instruction())
    if answer.outcome == Outcome.PENDING:
        return []
    if answer.code == "no_payee_name":
        return [Reason(PayoutReason.UNREADABLE_HOLDER, {"claim": claim.number})]
    return [Reason(PayoutReason.CANNOT_SEAL, {"claim": claim.number, "problem": said(answer.code)})]


def doubts(claim: Claim) -> list[Reason]:
    """Within a unit that holds the claim: what stands against paying it now, asked again (DESIGN 4.9).

    Insolvency, payee, related party and an announcement that it may be taken back. A claim in doubt is withheld and its
    business told why; a decider takes it from there. It may be released, and is asked again when it is paid after that.
    """
    found = payout_objections(claim)
    if found:
        with translation.override(settings.LANGUAGE_CODE):
            why = " ".join(str(reason) for reason in found)
        withhold_claim(by=RAILS, claim=claim, why=why)
    return found


def instruction(claim: Claim, rail: str) -> dict[str, Any]:
    """What a payout of this claim copies: amount, payee, account and text."""
    destination = claim.stripe_account if rail == PaymentRail.STRIPE else claim.iban
    return {
        "amount": claim.payable_amount,
        "payee_id": payee(claim).pk,
        "holder": claim.holder,
        "destination": destination,
        "remittance": f"Voucher {claim.number}",
    }


def as_agreed(payout: Payout, claim: Claim) -> bool:
    """Whether paying this claim now would still be the payment that was agreed to (invariant 15)."""
    wanted = {**payout.content(), **_content(claim, payout.rail)}
    payable = claim.state == ClaimState.DETERMINED and claim.bank_account is not None
    unchanged = payout.fingerprint() == payout.content_sha256 == content_hash(wanted)
    return payable and unchanged and claim.bank_account.ended_at is None


def _content(claim: Claim, rail: str) -> dict[str, Any]:
    copied = instruction(claim, rail)
    copied["payee"] = f"accounts.organisation:{copied.pop('payee_id')}"
    return copied
