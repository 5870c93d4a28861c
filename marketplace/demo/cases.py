"""Every application of the demo, each as far as the story of its business says."""

from decimal import Decimal

from marketplace.demo.businesses import Businesses
from marketplace.demo.case import Case
from marketplace.demo.course import began
from marketplace.demo.days import Days
from marketplace.demo.people import Cast
from marketplace.demo.providers import Providers
from marketplace.demo.rows import rows
from marketplace.demo.solutions import Solutions
from vouchers import services
from vouchers.enums import ApplicationState
from vouchers.models import Application, Claim, Programme, Voucher
from vouchers.reasons import RefusalGround

PILOT = "proef-oost-groningen"
"""A small programme of the story that is closed by now, with a ceiling that did not fit everybody."""

PILOT_CEILING = Decimal("2500.00")

SAMPLE_SEED = "demo"
"""Known to everybody, so that the lot for proof falls on the same claims in every load of the demo."""


class Cases:
    """Plays the story of every business that has one, in the order in which they applied."""

    def __init__(self, cast: Cast, days: Days, providers: Providers, solutions: Solutions, businesses: Businesses):
        self.cast, self.days = cast, days
        self.providers, self.solutions, self.businesses = providers, solutions, businesses
        self.claims: dict[str, list[Claim]] = {}
        self.vouchers: dict[str, list[Voucher]] = {}

    def make(self) -> None:
        programme = Programme.objects.get(code="digitale-trede")
        pilot = self._pilot()
        Programme.objects.filter(pk__in=[programme.pk, pilot.pk]).update(sample_seed=SAMPLE_SEED)
        told = [row for row in rows("smes") if row["story"] not in {"scan", "clean"}]
        for number, row in enumerate(sorted(told, key=lambda row: (-began(row["story"]), row["kvk"]))):
            in_pilot = row["story"] in {"waiting_list", "full", "ceiling"}
            self._play(number, row, pilot if in_pilot else programme)
        with self.days.at(20):
            services.set_up_programme(by=self.cast["manager"], code=PILOT, closes_on=self.days.ago(20))
        self._refuse_for_ceiling()

    def _pilot(self) -> Programme:
        with self.days.at(110):
            programme = services.set_up_programme(
                by=self.cast["manager"],
                code=PILOT,
                prefix="PO",
                name_nl="Proef Oost-Groningen (demo)",
                name_en="Pilot East Groningen (demo)",
                summary_nl="Een kleine proef die al gesloten is. Niet iedereen paste binnen het plafond.",
                summary_en="A small pilot that is closed by now. The ceiling did not fit everybody.",
                legal_basis="Algemene wet bestuursrecht, titel 4.2; Verordening (EU) 2023/2831",
                opens_on=self.days.ago(100),
            )
            services.set_ceiling(by=self.cast["manager2"], programme=programme, ceiling=PILOT_CEILING)
        return programme

    def _refuse_for_ceiling(self) -> None:
        """The pilot closes: who still waits is refused one by one, on the ceiling; the last one still waits for its letter."""
        waiting = Application.objects.filter(programme__code=PILOT, state=ApplicationState.WAITING_LIST)
        first = waiting.order_by("arrival").first()
        with self.days.at(15):
            services.refuse(by=self.cast["decider2"], application=first, grounds=[RefusalGround.CEILING])

    def _play(self, number: int, row: dict[str, str], programme: Programme) -> None:
        case = Case(self, number, row, programme)
        case.play()
        if case.voucher:
            self.vouchers.setdefault(row["story"], []).append(case.voucher)
        if case.claim:
            self.claims.setdefault(row["story"], []).append(case.claim)
