"""What the catalogue remembers: categories, solutions with their packages, and prices through time.

Sources: DESIGN 3 (machine of Solution), 4.4 (on trial), 4.7 (package price on a date), 4.15 (neutral order).
"""

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Province, Sector
from core.actors import SystemActor
from core.enums import HandRole
from core.fields import MoneyField
from core.state import StateField, StatefulModel, transition
from providers.enums import Benefit, CategoryGroup, ProviderState, SolutionState
from providers.models.provider import OFFICIALS, MeasureFields, Provider, intent_constraint, linked

if TYPE_CHECKING:
    from providers.models.package import Package

LEVELS = [MinValueValidator(1), MaxValueValidator(4)]
SHUFFLE_PRIME = 2**31 - 1

ON_THE_LIST = (SolutionState.PREFERRED, SolutionState.ON_NOTICE)
"""States in which a solution is on the preferred list; a notice bites only after its thirty days."""

SHOWN = (SolutionState.LISTED, *ON_THE_LIST)
"""States in which the public may see a solution, provided that vetting is in date."""


class Category(models.Model):
    """A kind of solution (reference data, fixtures/reference). `prerequisites`: `A;B` all of them, `A|B` any of them."""

    code = models.CharField(max_length=16, primary_key=True)
    group = models.CharField(max_length=16, choices=CategoryGroup)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    why_nl = models.CharField(max_length=300)
    why_en = models.CharField(max_length=300)
    prerequisites = models.CharField(max_length=200, blank=True)
    min_level = models.PositiveSmallIntegerField(default=1, validators=LEVELS)
    hardware = models.BooleanField(default=False)
    benefit = models.CharField(max_length=10, choices=Benefit)
    source = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(benefit__in=Benefit.values), name="category_benefit_known"),
            models.CheckConstraint(condition=Q(group__in=CategoryGroup.values), name="category_group_known"),
            models.CheckConstraint(condition=Q(min_level__gte=1, min_level__lte=4), name="category_level_on_ladder"),
        ]

    def __str__(self) -> str:
        return self.name_nl


class SolutionQuerySet(models.QuerySet):
    """Solutions by what may be done with them."""

    def visible(self, on: dt.date) -> Self:
        """What the public sees on a day: state, provider admitted, both vettings in date (DESIGN 3)."""
        return self.filter(
            state__in=SHOWN,
            valid_until__gte=on,
            provider__state=ProviderState.ADMITTED,
            provider__valid_until__gte=on,
        )

    def visible_to(self, user: Any) -> Self:
        """Every solution for officials, otherwise those of one's own provider, in whatever state."""
        if user.holds(*OFFICIALS):
            return self
        mine = user.memberships.filter(ended_at__isnull=True).values("organisation")
        return self.filter(provider__organisation__in=mine)

    def on_preferred_list(self) -> Self:
        return self.filter(state__in=ON_THE_LIST)

    def for_sector(self, sector: Sector | str) -> Self:
        """Made for this sector, or for every sector."""
        return self._for("sectors", getattr(sector, "pk", sector))

    def for_province(self, province: Province | str) -> Self:
        """Delivered in this province, or everywhere."""
        return self._for("provinces", getattr(province, "pk", province))

    def for_level(self, level: int) -> Self:
        """Fit for a business on this level of the ladder."""
        return self.filter(min_level__lte=level, max_level__gte=level)

    def _for(self, field: str, key: str) -> Self:
        # The two link tables are asked, not joined, so that no solution appears twice.
        links = getattr(Solution, field).through.objects.filter(solution=OuterRef("pk"))
        column = {"sectors": "sector", "provinces": "province"}[field]
        return self.filter(Exists(links.filter(**{column: key})) | ~Exists(links))

    def with_shelf(self) -> Self:
        """With everything a list of solutions shows, in a fixed number of queries."""
        return self.select_related("category", "provider__organisation", "shown_run").prefetch_related("sectors")


class Solution(MeasureFields, StatefulModel):
    """Something a provider offers, and where it stands in the catalogue.

    Machine (DESIGN 3): `draft -list-> listed -prefer-> preferred -warn-> on_notice -restore-> preferred;
    preferred|on_notice -drop-> listed; listed|preferred|on_notice -suspend-> suspended -reinstate-> listed;
    draft|listed|preferred|on_notice|suspended -retire-> retired`.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="solutions")
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="solutions", verbose_name=_("category")
    )
    name = models.CharField(_("name"), max_length=80, db_index=True)
    slug = models.SlugField(max_length=100, unique=True)
    summary = models.CharField(_("in one sentence"), max_length=200)
    description = models.TextField(_("description"), max_length=4000)
    sectors = models.ManyToManyField(
        Sector, blank=True, related_name="solutions", verbose_name=_("sectors"), help_text=_("None = every sector.")
    )
    provinces = models.ManyToManyField(
        Province, blank=True, related_name="solutions", verbose_name=_("provinces"), help_text=_("None = everywhere.")
    )
    min_level = models.PositiveSmallIntegerField(_("from level"), default=1, validators=LEVELS)
    max_level = models.PositiveSmallIntegerField(_("to level"), default=4, validators=LEVELS)
    state = StateField(max_length=10, choices=SolutionState, default=SolutionState.DRAFT)
    created_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text=_("Last day on which the vetting counts."))
    on_trial = models.BooleanField(default=False)
    trial_until = models.DateField(null=True, blank=True)
    trial_vouchers = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How many vouchers a solution on trial may get at most.")
    )
    first_year_price = MoneyField(null=True, blank=True, db_index=True)
    shuffle_key = models.PositiveIntegerField()
    preferred_at = models.DateTimeField(null=True, blank=True)
    notice_on = models.DateField(null=True, blank=True)
    notice_until = models.DateField(null=True, blank=True, help_text=_("The day on which the notice bites."))
    notice_grounds = models.JSONField(default=list, blank=True)
    notice_reply = models.TextField(max_length=4000, blank=True)
    notice_replied_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspension_text = models.TextField(max_length=4000, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    evidence_ageing = models.BooleanField(default=False)
    standing = models.ForeignKey(
        "providers.StandingRun", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shown_run = models.ForeignKey(
        "providers.StandingRun",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The run whose figures the public sees; changes once a month at most."),
    )

    objects = SolutionQuerySet.as_manager()

    HANDS = {"suspend": HandRole.DECIDER, "reinstate": HandRole.DECIDER}
    MEMBER_VERBS = frozenset(
        {"create", "update", "price", "invite", "resend", "withdraw_invitation", "reply", "react", "retire"}
    )
    DECIDER_VERBS = frozenset(
        {
            "list",
            "extend",
            "prefer",
            "warn",
            "restore",
            "drop",
            "suspend",
            "reinstate",
            "drop_measure",
            "judge",
            "resolve",
            "lift",
            "withhold",
            "count_again",
        }
    )
    ASSESSOR_VERBS = frozenset({"announce", "raise", "withhold", "count_again"})
    MACHINE_VERBS = frozenset(
        {"prefer", "warn", "restore", "drop", "judge", "invite_user", "raise", "answer", "remind"}
    )

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SolutionState.values), name="solution_state_known"),
            models.CheckConstraint(
                condition=Q(min_level__gte=1, max_level__lte=4, min_level__lte=F("max_level")),
                name="solution_levels_on_ladder",
            ),
            models.CheckConstraint(
                condition=Q(state=SolutionState.DRAFT, listed_at__isnull=True)
                | Q(state=SolutionState.RETIRED)
                | (
                    ~Q(state__in=[SolutionState.DRAFT, SolutionState.RETIRED])
                    & Q(listed_at__isnull=False, valid_until__isnull=False, first_year_price__isnull=False)
                ),
                name="solution_listed_with_date_and_price",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=SolutionState.ON_NOTICE,
                    notice_on__isnull=False,
                    notice_until__isnull=False,
                    notice_until__gt=F("notice_on"),
                )
                | (~Q(state=SolutionState.ON_NOTICE) & Q(notice_on__isnull=True, notice_until__isnull=True)),
                name="solution_on_notice_until_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ON_THE_LIST, preferred_at__isnull=False)
                | (~Q(state__in=ON_THE_LIST) & Q(preferred_at__isnull=True)),
                name="solution_preferred_at_iff_preferred",
            ),
            models.CheckConstraint(
                condition=Q(state=SolutionState.SUSPENDED, suspended_at__isnull=False)
                | (~Q(state=SolutionState.SUSPENDED) & Q(suspended_at__isnull=True)),
                name="solution_suspended_at_iff_suspended",
            ),
            models.CheckConstraint(
                condition=Q(state=SolutionState.RETIRED, retired_at__isnull=False)
                | (~Q(state=SolutionState.RETIRED) & Q(retired_at__isnull=True)),
                name="solution_retired_at_iff_retired",
            ),
            models.CheckConstraint(
                condition=Q(on_trial=True, trial_until__isnull=False, trial_vouchers__isnull=False)
                | Q(on_trial=False, trial_until__isnull=True, trial_vouchers__isnull=True),
                name="solution_trial_has_limits",
            ),
            intent_constraint("solution_intent_whole"),
        ]
        indexes = [
            models.Index(fields=["state", "valid_until"], name="solution_visible"),
            models.Index(fields=["category", "state"], name="solution_by_category"),
            models.Index(fields=["min_level", "max_level"], name="solution_by_level"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.shuffle_key is None:
            self.shuffle_key = shuffle_key(self.slug)
        super().save(*args, **kwargs)

    def may(self, verb: str, by: Any) -> bool:
        if isinstance(by, SystemActor):
            return verb in self.MACHINE_VERBS
        if verb in self.MEMBER_VERBS:
            return by.is_member_of(self.provider.organisation_id)
        if verb == "invite_user":
            return not by.is_member_of(self.provider.organisation_id)
        if verb in self.ASSESSOR_VERBS and by.holds(Role.ASSESSOR):
            return not self.is_linked(by)
        return verb in self.DECIDER_VERBS and by.holds(Role.DECIDER) and not self.is_linked(by)

    def is_linked(self, by: Any) -> bool:
        return linked(self.provider_id, by)

    @property
    def is_preferred(self) -> bool:
        """On the preferred list; a notice bites only when its term has ended."""
        return self.state in ON_THE_LIST

    @property
    def editable(self) -> bool:
        """Whether its words and packages may still be changed freely; afterwards a revision is vetted first."""
        return self.state == SolutionState.DRAFT

    def is_visible(self, on: dt.date) -> bool:
        """Whether the public sees it on a day; the same rule as `visible`."""
        return (
            self.state in SHOWN
            and self.valid_until >= on
            and self.provider.state == ProviderState.ADMITTED
            and self.provider.valid_until >= on
        )

    def packages_on(self, on: dt.date) -> list["Package"]:
        """The packages on offer on a day with their approved price in `package.current`, cheapest first.

        Reads prefetched `packages__prices` when there are any, so that lists stay at a fixed number of queries.
        """
        offered = []
        for package in self.packages.all():
            package.current = package.price_on(on)
            if package.current and not (package.retired_on and package.retired_on <= on):
                offered.append(package)
        return sorted(offered, key=lambda package: (package.current.first_year, package.position, package.pk))

    @transition(field=state, source=SolutionState.LISTED, target=SolutionState.PREFERRED)
    def prefer(self, *, at: dt.datetime) -> None:
        """Onto the preferred list."""
        self.preferred_at = at

    @transition(field=state, source=SolutionState.PREFERRED, target=SolutionState.ON_NOTICE)
    def warn(self, *, on: dt.date, until: dt.date, grounds: list[dict]) -> None:
        """Notice with its grounds and the day it bites; the provider may reply."""
        self.notice_on, self.notice_until, self.notice_grounds = on, until, grounds
        self.notice_reply, self.notice_replied_at = "", None

    @transition(field=state, source=SolutionState.ON_NOTICE, target=SolutionState.PREFERRED)
    def restore(self) -> None:
        """The grounds of the notice do not hold any more."""
        self._end_notice()

    @transition(field=state, source=[*ON_THE_LIST], target=SolutionState.LISTED)
    def drop(self) -> None:
        """Off the preferred list; running vouchers are not touched (DESIGN 4.9)."""
        self._leave_list()

    @transition(field=state, source=[*SHOWN], target=SolutionState.SUSPENDED)
    def suspend(self, *, at: dt.datetime) -> None:
        """Hidden by a decision with reasons."""
        self._leave_list()
        self.suspended_at = at

    @transition(field=state, source=SolutionState.SUSPENDED, target=SolutionState.LISTED)
    def reinstate(self) -> None:
        """Shown again; it has to earn its place on the preferred list anew."""
        self.suspended_at, self.suspension_text = None, ""

    @transition(
        field=state, source=[SolutionState.DRAFT, *SHOWN, SolutionState.SUSPENDED], target=SolutionState.RETIRED
    )
    def retire(self, *, at: dt.datetime) -> None:
        """The provider stops offering it. Running vouchers go on."""
        self._leave_list()
        self.close_measure()
        self.suspended_at, self.suspension_text, self.retired_at = None, "", at

    def _end_notice(self) -> None:
        self.notice_on, self.notice_until, self.notice_grounds = None, None, []
        self.notice_reply, self.notice_replied_at = "", None

    def _leave_list(self) -> None:
        self._end_notice()
        self.preferred_at, self.evidence_ageing = None, False

    @transition(field=state, source=SolutionState.DRAFT, target=SolutionState.LISTED)
    def list(
        self, *, at: dt.datetime, valid_until: dt.date, trial_until: dt.date | None, trial_vouchers: int | None
    ) -> None:
        """Into the catalogue after an approved listing dossier, on trial when references are few (DESIGN 4.4)."""
        self.listed_at, self.valid_until = at, valid_until
        self.on_trial, self.trial_until, self.trial_vouchers = trial_until is not None, trial_until, trial_vouchers


def shuffle_key(slug: str) -> int:
    """A fixed place in the shuffle for a solution, below 2^31 - 1; the day's seed turns it into an order (DESIGN 4.15)."""
    return int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8], "big") % SHUFFLE_PRIME
