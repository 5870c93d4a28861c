"""What waits for a provider."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from core.tones import tone_of
from marketplace.homes.parts import Link, Section, Task, first
from providers.enums import ProviderState, SolutionState
from providers.models import Dossier, Provider, Solution
from vouchers.enums import VoucherState
from vouchers.models import Voucher

UNCONFIRMED = Q(ordered_on__isnull=False, order_confirmed_at__isnull=True) | Q(
    delivered_on__isnull=False, delivery_confirmed_at__isnull=True
)
"""What the business told and the provider has not confirmed yet."""


def provider(user: Any) -> list[Section]:
    """Dossiers to finish, orders and deliveries to confirm, notices to react to."""
    return [_dossiers(user), _orders(user), _solutions(user)]


def _dossiers(user: Any) -> Section:
    mine = Dossier.objects.filter(provider__organisation__in=user.organisations(OrganisationKind.PROVIDER)).live()
    rows, more = first(mine.select_related("provider__organisation", "solution").order_by("-pk"))
    return Section(
        title=_("Vetting"),
        tasks=[
            Task(
                title=capfirst(f"{row.get_kind_display()}: {row.solution or row.provider}"),
                url=reverse("providers:dossier", args=[row.pk]),
                badge=row.state_words(own=True),
                tone=tone_of(row.state, row._meta.label_lower),
            )
            for row in rows
        ],
        more=more,
        links=[Link(_("My company and its dossiers"), reverse("providers:provider_home"))],
        empty_title=_("No dossier is open"),
    )


def _orders(user: Any) -> Section:
    waiting = Voucher.objects.of_provider(user).filter(UNCONFIRMED, state=VoucherState.ISSUED)
    rows, more = first(waiting.with_case().order_by("issued_at"))
    return Section(
        title=_("To confirm"),
        tasks=[
            Task(
                title=f"{row.solution} · {row.sme}",
                url=reverse("vouchers:provider_voucher", args=[row.number]),
                meta=_("Was it delivered?") if row.delivered_on else _("Was it ordered?"),
            )
            for row in rows
        ],
        more=more,
        links=[Link(_("All vouchers for my solutions"), reverse("vouchers:provider_vouchers"))],
        empty_title=_("Nothing to confirm"),
    )


def _solutions(user: Any) -> Section:
    mine = Solution.objects.filter(provider__organisation__in=user.organisations(OrganisationKind.PROVIDER))
    rows, more = first(mine.exclude(state=SolutionState.RETIRED).order_by("name"))
    return Section(
        title=_("My solutions"),
        tasks=[
            Task(
                title=row.name,
                url=reverse("providers:my_solution", args=[row.pk]),
                due=row.notice_until,
                meta=_("React to the notice") if row.state == SolutionState.ON_NOTICE else "",
                badge=row.state_words(own=True),
                tone=tone_of(row.state, row._meta.label_lower),
            )
            for row in rows
        ],
        more=more,
        links=[Link(_("All my solutions"), reverse("providers:my_solutions"))],
        empty_title=_("No solution yet"),
        **_first_solution(user),
    )


def _first_solution(user: Any) -> dict[str, str]:
    """A solution is added once the business is admitted; until then the dossier comes first."""
    admitted = Provider.objects.filter(
        organisation__in=user.organisations(OrganisationKind.PROVIDER), state=ProviderState.ADMITTED
    )
    if admitted.exists():
        return {"empty_url": reverse("providers:my_solutions"), "empty_label": _("Add a solution")}
    return {"empty_text": _("Once your business is admitted, you add your solutions here.")}
