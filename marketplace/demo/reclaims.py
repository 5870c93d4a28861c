"""The money of the demo that is asked back after it was paid."""

from decimal import Decimal

from core.money import floor_cents
from marketplace.demo.days import Days
from marketplace.demo.people import Cast
from vouchers import services
from vouchers.enums import DecisionKind, LowerGround, ReclaimGround
from vouchers.models import Claim, Reclaim

REST = Decimal("25.00")
"""What was still to come when the rest had been paid back."""


class Reclaims:
    """Determines a paid claim again, lower, and asks the difference back."""

    def __init__(self, cast: Cast, days: Days):
        self.cast, self.days = cast, days

    def received(self, claim: Claim, days: int) -> None:
        """A first decision named the wrong ground and was annulled; the second was paid back, and the small rest written off."""
        claim = self._lowered(claim, days)
        over = claim.paid_amount - claim.determined_amount
        wrong = self._decided(claim, over, days - 12)
        with self.days.at(days - 13, 9):
            why = "In de brief stond de verkeerde grond."
            services.annul_reclaim(by=claim.decision.decided_by, reclaim=wrong, why=why)
        reclaim = self._told(self._decided(claim, over - REST, days - 13), days - 14)
        with self.days.at(days - 24, 9):
            services.receive_back(by=self.cast["treasurer"], reclaim=reclaim, received_on=self.days.ago(days - 24))
        rest = self._told(self._decided(claim, REST, days - 25), days - 26)
        with self.days.at(days - 30, 9):
            why = "Het rekeningnummer is opgeheven. Dit kleine restant innen kost meer dan het oplevert."
            services.write_off_reclaim(by=claim.decision.decided_by, reclaim=rest, why=why)

    def due(self, claim: Claim, days: int) -> None:
        """Asked back in two parts: the first letter is on its way, the second is decided and not sent yet."""
        claim = self._lowered(claim, days)
        half = floor_cents((claim.paid_amount - claim.determined_amount) / 2)
        self._told(self._decided(claim, half, days - 12), days - 14)
        self._decided(claim, half, days - 20)

    def _lowered(self, claim: Claim, days: int) -> Claim:
        decider, member = claim.decision.decided_by, claim.voucher.application.created_by
        with self.days.at(days, 9):
            claim = Claim.objects.get(pk=claim.pk)
            amount = floor_cents(claim.determined_amount * Decimal("0.75"))
            why = "Bij de controle bleek dat een deel van de training nooit is gegeven."
            other = self.cast["decider2" if decider == self.cast["decider"] else "decider"]
            claim = services.revise_claim(by=other, claim=claim, amount=amount, why=why, ground=LowerGround.NOT_DONE)
        with self.days.at(days, 10):
            text = "Wij willen het bedrag lager vaststellen. Wilt u daarop reageren?"
            services.send_claim_notice(by=decider, claim=claim, text=text)
        with self.days.at(days - 3, 20):
            services.answer_claim_notice(by=member, claim=claim, text="De trainer is ziek geworden, dat klopt.")
        with self.days.at(days - 6, 9):
            claim = services.determine(by=decider, claim=claim, explanation=why)
        with self.days.at(days - 7, 9):
            text = "U heeft meer gekregen dan is vastgesteld. Wij willen het verschil terugvragen."
            services.announce(
                by=claim.assessor,
                subject=claim,
                kind=DecisionKind.RECLAIM,
                grounds=[ReclaimGround.REVISED],
                amount=claim.paid_amount - claim.determined_amount,
                text=text,
            )
        with self.days.at(days - 9, 20):
            services.respond(by=member, subject=claim, kind=DecisionKind.RECLAIM, text="Wij betalen het terug.")
        return claim

    def _decided(self, claim: Claim, amount: Decimal, days: int) -> Reclaim:
        with self.days.at(days, 10):
            return services.decide_reclaim(
                by=claim.decision.decided_by,
                claim=claim,
                amount=amount,
                ground=ReclaimGround.REVISED,
                explanation="De vaststelling is verlaagd, dus wat te veel is betaald komt terug.",
            )

    def _told(self, reclaim: Reclaim, days: int) -> Reclaim:
        with self.days.at(days, 11):
            return services.notify_reclaim(by=self.cast["treasurer"], reclaim=reclaim)
