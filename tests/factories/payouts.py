"""Claims that wait for payment, batches and payments on their way, made through the services. Everybody here is made up."""

import datetime as dt
from typing import Any

from accounts.enums import Role
from accounts.models import BankAccount, User
from core import clock
from core.enums import HandRole
from core.models import Hand
from payouts import rules, services
from payouts.models import Batch, Payout
from tests.factories.accounts import official
from tests.factories.claims import Case, case, determined_claim
from tests.factories.vouchers import programme_with
from vouchers.enums import PaymentRail
from vouchers.models import Claim, Programme

STRIPE_ACCOUNT = "acct_1TestPayee"


def stripe_programme(**fields: Any) -> Programme:
    """A programme that pays over Stripe."""
    return programme_with(code="snelle-trede", prefix="ST", payment_rail=PaymentRail.STRIPE, **fields)


def payable_claim(programme: Programme, net: str = "10000.00", **more: Any) -> Claim:
    """A claim with its amount decided (80 % of `net`), whose payee can be paid on both rails."""
    found: Case = case(net, programme=programme, **more)
    number = f"F-{found.voucher.number}"
    account = BankAccount.objects.get(organisation=found.sme)
    account.stripe_account = STRIPE_ACCOUNT
    account.save()
    return determined_claim(found, net, number=number)


def handlers() -> tuple[User, User]:
    """A treasurer and an approver."""
    return official(Role.TREASURER), official(Role.APPROVER)


def prepared(programme: Programme, *claims: Claim, by: User | None = None) -> Batch:
    """A batch that waits for release."""
    by = by or official(Role.TREASURER)
    return services.prepare_batch(by=by, programme=programme, claims=claims).batch


def released(programme: Programme, *claims: Claim, by: User | None = None) -> Batch:
    """A batch that a second person let go."""
    batch = prepared(programme, *claims)
    by = by or official(Role.APPROVER)
    return services.release_batch(by=by, batch=batch, seen_sha256=batch.fingerprint()).batch


def payout_of(claim: Claim) -> Payout:
    """The newest payment of a claim."""
    return Payout.objects.filter(claim=claim).order_by("-seq")[0]


def came_back(payout: Payout, **said: Any) -> Payout:
    """A payment that came back today, as two people saw."""
    told = {"returned_on": clock.today(), "because": "account_closed", "evidence": "Afschrift 232, regel 1", **said}
    resolution = services.report_return(by=official(Role.TREASURER), payout=payout, **told)
    return services.confirm_resolution(by=official(Role.APPROVER), resolution=resolution)


def decider_of(claim: Claim) -> User:
    """Who decided on the amount of a claim."""
    return Hand.objects.get(file=claim.file(), role=HandRole.DECIDER).person


def bank_day(day: dt.date) -> dt.date:
    """The first day from `day` on which banks pay."""
    return rules.first_bank_day(day)
