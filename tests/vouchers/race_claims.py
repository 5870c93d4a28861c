"""Two at once, in real processes with connections of their own. Run by `test_claim_races.py` on a scratch database.

    python -m tests.run vouchers.race_claims '{"guarded": true}'

Prints one JSON object: per race what every process got, and what the database holds afterwards. Without the guard everybody
believes what was true before the race, and the database has lost the constraints that would catch it.
"""

import json
from decimal import Decimal
from typing import Any

from accounts.enums import Role
from core import clock
from tests.factories.accounts import member_of, official
from tests.factories.claims import advised_claim, case, delivered, determined_claim, draft_claim, provider_account
from tests.factories.vouchers import programme_with
from tests.races import at_once
from tests.unguarded import believe, without
from vouchers import services
from vouchers.enums import LowerGround
from vouchers.models import Claim, Decision, LedgerTransaction
from vouchers.services import claim as claiming

ROUNDS = 3


def race_start(programme: Any, guarded: bool) -> dict[str, Any]:
    """Two members of one business start a claim on one voucher."""
    them = case(programme=programme)
    delivered(them)
    people = [them.member, member_of(them.sme)]
    if not guarded:
        claiming.OPEN_CLAIM = []  # nobody had a claim when they looked
    got = at_once(*[lambda by=by: services.start_claim(by=by, voucher=them.voucher) for by in people])
    return {"got": got, "claims": Claim.objects.filter(voucher=them.voucher).count()}


def race_invoice(programme: Any, guarded: bool) -> dict[str, Any]:
    """Two businesses send a claim with the same invoice of the same provider."""
    one = case(programme=programme)
    other = case(programme=programme, package=one.voucher.package)
    drafts = [(them, draft_claim(them, number=number)) for them, number in [(one, "F 77"), (other, "f-77")]]
    if not guarded:
        claiming._others = lambda _claim: Claim.objects.none()  # nobody had sent one when they looked
    got = at_once(
        *[lambda them=them, claim=claim: services.submit_claim(by=them.member, claim=claim) for them, claim in drafts]
    )
    return {
        "got": got,
        "sent": Claim.objects.live().filter(invoice_key="F77", supplier_ref=drafts[0][1].supplier_ref).count(),
    }


def race_determine(programme: Any, guarded: bool) -> dict[str, Any]:
    """Two deciders decide on one claim."""
    them = case(programme=programme)
    claim = advised_claim(them)
    deciders = [them.decider, official(Role.DECIDER)]
    if not guarded:
        believe(Claim.objects.get(pk=claim.pk))
    got = at_once(*[lambda by=by: services.determine(by=by, claim=claim) for by in deciders])
    return {"got": got, "decisions": Decision.objects.filter(subject=claim.reference()).count()}


def race_pay(programme: Any, guarded: bool) -> dict[str, Any]:
    """Two payouts report the payment of one claim, and one of them does so twice."""
    them = case(programme=programme)
    claim = determined_claim(them)
    provider_account(them)
    if not guarded:
        believe(Claim.objects.get(pk=claim.pk))
    refs = [f"a-{claim.pk}", f"b-{claim.pk}", f"a-{claim.pk}"]
    pay = lambda ref: services.mark_paid(by=them.payer, claim=claim, paid_on=clock.today(), payout_ref=ref)  # noqa: E731
    got = at_once(*[lambda ref=ref: pay(ref) for ref in refs])
    claim.refresh_from_db()
    return {
        "got": got,
        "paid": str(claim.paid_amount),
        "booked": LedgerTransaction.objects.filter(kind="pay", ref__in=[f"payout:{ref}" for ref in refs]).count(),
    }


def race_send(programme: Any, guarded: bool) -> dict[str, Any]:
    """A payment leaves while somebody revises its claim."""
    them = case(programme=programme)
    claim = determined_claim(them)
    if not guarded:
        believe(Claim.objects.get(pk=claim.pk))
    by, lower = official(Role.DECIDER), {"amount": Decimal("5000.00"), "ground": LowerGround.NOT_DONE}
    got = at_once(
        lambda: services.payment_sent(by=them.payer, claim=claim, payout_ref="a"),
        lambda: services.revise_claim(by=by, claim=claim, why="De helft.", **lower),
    )
    claim.refresh_from_db()
    return {"got": got, "state": claim.state, "sent": claim.sent_payout_ref}


def main(guarded: bool = True) -> None:
    programme = programme_with()
    programme.sample_seed = "a seed that draws nobody"
    programme.save()
    rule = programme.rule_sets.get()
    if rule.sample_percent:
        services.new_rules(
            by=official(Role.MANAGER), programme=programme, valid_from=clock.today(), sample_percent=Decimal(0)
        )
    races = {
        "start": race_start,
        "invoice": race_invoice,
        "determine": race_determine,
        "pay": race_pay,
        "send": race_send,
    }
    if not guarded:
        without(Claim, "one_open_claim_per_voucher", "invoice_used_once")
    rounds = ROUNDS if guarded else 1
    outcome = {name: [race(programme, guarded) for _round in range(rounds)] for name, race in races.items()}
    print(json.dumps({**outcome, "differences": services.differences()}))
