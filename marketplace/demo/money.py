"""The payments of the demo, and what the people who work with a paid solution say about it."""

from collections.abc import Iterable
from random import Random

from marketplace.demo.cases import Cases
from marketplace.demo.days import Days
from marketplace.demo.people import Cast
from marketplace.demo.reclaims import Reclaims
from marketplace.demo.solutions import answer
from payouts import rules, services
from payouts.enums import ResolutionVerdict
from payouts.models import Batch, Payout
from providers.models import FeedbackInvitation
from vouchers.models import Claim, Programme
from vouchers.services import send_feedback_invitations

SILENT = frozenset({"camping", "meubel"})
"""Businesses whose second user does not answer."""


class Money:
    """Pays what was determined, in batches, each as far as its story says."""

    def __init__(self, cast: Cast, days: Days, cases: Cases):
        self.cast, self.days, self.cases = cast, days, cases
        self.programme = Programme.objects.get(code="digitale-trede")

    def make(self) -> None:
        self._paid(["reported"], 84)
        self._feedback(74)
        self._paid(["paid", "returned", "lower", "reclaimed", "reclaim_due"], 50)
        self._bounce(44)
        self._feedback(44)
        self._trouble(26)
        self._cancelled(["prepared"], 9)
        self._released(["released"], 7)
        self._prepared(["prepared"], 3)
        self._reclaims(38)

    def _claims(self, stories: Iterable[str]) -> list[Claim]:
        return [claim for story in stories for claim in self.cases.claims[story]]

    def _prepared(self, stories: list[str], days: int) -> Batch:
        with self.days.at(days, 11):
            return services.prepare_batch(
                by=self.cast["treasurer"], programme=self.programme, claims=self._claims(stories)
            ).batch

    def _released(self, stories: list[str], days: int) -> Batch:
        batch = self._prepared(stories, days)
        with self.days.at(days - 1, 15):
            batch = services.release_batch(by=self.cast["approver"], batch=batch, seen_sha256=batch.fingerprint()).batch
            services.batch_file(by=self.cast["treasurer"], batch=batch)
        return batch

    def _paid(self, stories: list[str], days: int) -> Batch:
        batch = self._released(stories, days)
        days = self._bank_open(days - 4)
        with self.days.at(days, 9):
            services.confirm_paid(by=self.cast["treasurer"], booked_on=self.days.ago(days), batch=batch)
        return batch

    def _bank_open(self, days: int) -> int:
        """How many days ago banks were open first, from so many days ago on."""
        return (self.days.today - rules.first_bank_day(self.days.ago(days))).days

    def _cancelled(self, stories: list[str], days: int) -> None:
        batch = self._prepared(stories, days)
        with self.days.at(days - 1, 9):
            services.cancel_batch(by=self.cast["treasurer"], batch=batch)

    def _bounce(self, days: int) -> None:
        """One account turned out to be closed: the money came back, as two people saw, and its claim waits for payment again."""
        days = self._bank_open(days)
        with self.days.at(days, 11):
            (claim,) = self.cases.claims["returned"]
            resolution = services.report_return(
                by=self.cast["treasurer"],
                payout=Payout.objects.get(claim=claim),
                returned_on=self.days.ago(days),
                because="account_closed",
                evidence="Bankafschrift, regel 3: retour, rekening opgeheven.",
            )
        with self.days.at(days, 15):
            services.confirm_resolution(by=self.cast["approver"], resolution=resolution)

    def _trouble(self, days: int) -> None:
        """Two payments without word from the bank: one was refused, as two people saw; the other is being looked into."""
        self._released(["bank_refused", "manual"], days)
        payouts = {}
        with self.days.at(days - 8, 9):
            for story in ("bank_refused", "manual"):
                (claim,) = self.cases.claims[story]
                payout = Payout.objects.get(claim=claim)
                payouts[story] = services.report_trouble(by=self.cast["treasurer"], payout=payout)
        with self.days.at(days - 9, 9):
            resolution = services.propose_resolution(
                by=self.cast["treasurer"],
                payout=payouts["bank_refused"],
                verdict=ResolutionVerdict.DECLINE,
                evidence="Bericht van de bank: naam en rekening horen niet bij elkaar.",
            )
        with self.days.at(days - 10, 14):
            services.confirm_resolution(by=self.cast["approver"], resolution=resolution)

    def _reclaims(self, days: int) -> None:
        reclaims = Reclaims(self.cast, self.days)
        (claim,) = self.cases.claims["reclaimed"]
        reclaims.received(claim, days)
        (claim,) = self.cases.claims["reclaim_due"]
        reclaims.due(claim, days)

    def _feedback(self, days: int) -> None:
        """The sweep of that day asks the end users; most answer in the days after it."""
        known = set(FeedbackInvitation.objects.values_list("pk", flat=True))
        with self.days.at(days, 7):
            send_feedback_invitations()
        chance = Random(days)  # noqa: S311 - the same answers every time
        for place, invitation in enumerate(FeedbackInvitation.objects.exclude(pk__in=known).order_by("pk")):
            if any(f"+{code}.collega" in invitation.email for code in SILENT):
                continue
            with self.days.at(days - 2 - place % 6, 20):
                gain, satisfaction = chance.randint(14, 32), chance.choice([3, 4, 5, 5])
                answer(invitation, gain=gain, satisfaction=satisfaction, fixed=True)
