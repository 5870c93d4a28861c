"""What waits for a business and for the adviser who helps one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from core.tones import tone_of
from marketplace.homes.parts import Link, Section, Task, first
from vouchers.enums import OPEN_APPLICATION_STATES, ApplicationState, ClaimState, VoucherState
from vouchers.models import Application, Claim, Voucher


def business(user: Any) -> list[Section]:
    """Applications and vouchers of one's own businesses, with the next thing to do and its last day."""
    return [_applications(user), _vouchers(user), _start(user)]


def adviser(user: Any) -> list[Section]:
    """The desk does the scan together with a business."""
    return [
        Section(
            title=_("Help a business"),
            lead=_("Do the scan together. The business gets its own link, so that it can go on by itself."),
            empty_title=_("Nothing waits for you"),
            empty_text=_("Start a scan together with the business that is with you now."),
            empty_url=reverse("roadmap:scan_start"),
            empty_label=_("Start a scan"),
        )
    ]


def _applications(user: Any) -> Section:
    mine = Application.objects.filter(organisation__in=user.organisations(OrganisationKind.SME)).live()
    rows, more = first(mine.select_related("programme", "organisation").order_by("-pk"))
    return Section(
        title=_("My applications"),
        tasks=[_application(row) for row in rows],
        more=more,
        links=[Link(_("All my applications"), reverse("vouchers:applications"))],
        empty_title=_("No application is under way"),
        empty_text=_("Choose a tested solution first. From its page you apply for a voucher."),
        empty_url=reverse("providers:catalogue"),
        empty_label=_("Look at the solutions"),
    )


def _application(row: Application) -> Task:
    yours = row.state in OPEN_APPLICATION_STATES
    return Task(
        title=_("Finish your application") if row.state == ApplicationState.DRAFT else str(row),
        url=reverse("vouchers:application", args=[row.pk]),
        meta=str(row.organisation),
        due=None if yours else row.decide_by,
        badge=row.state_words(own=True),
        tone=tone_of(row.state, row._meta.label_lower),
    )


def _vouchers(user: Any) -> Section:
    mine = Voucher.objects.of_sme(user).filter(state__in=[VoucherState.ISSUED, VoucherState.SETTLED])
    rows, more = first(mine.with_case().order_by("-issued_at"))
    waiting = {
        claim.voucher_id: claim
        for claim in Claim.objects.filter(
            voucher__in=[row.pk for row in rows], state__in=[ClaimState.DRAFT, ClaimState.MORE_INFORMATION]
        )
    }
    return Section(
        title=_("My vouchers"),
        tasks=[_voucher(row, waiting.get(row.pk)) for row in rows],
        more=more,
        links=[Link(_("All my vouchers"), reverse("vouchers:vouchers"))],
        empty_title=_("No voucher yet"),
        empty_text=_("After an award your voucher is here, with what to do next and before which day."),
    )


def _voucher(row: Voucher, claim: Claim | None) -> Task:
    step, due = _next_step(row, claim)
    return Task(
        title=str(row.solution),
        url=reverse("vouchers:voucher", args=[row.number]),
        meta=step,
        due=due,
        badge=row.state_words(own=True),
        tone=tone_of(row.state, row._meta.label_lower),
    )


def _next_step(row: Voucher, claim: Claim | None) -> tuple[str, Any]:
    if row.state != VoucherState.ISSUED:
        return "", None
    if claim is not None and claim.state == ClaimState.MORE_INFORMATION:
        return _("Answer our question about your payment"), claim.answer_by
    if row.ordered_on is None:
        return _("Order it and tell us"), row.order_by
    if row.delivered_on is None:
        return _("Tell us when it is delivered"), row.deliver_by
    if claim is not None:
        return _("Finish your request for payment"), row.claim_by
    if not row.claims.live().exists():
        return _("Ask for your payment"), row.claim_by
    return _("We are looking at your request for payment"), None


def _start(user: Any) -> Section:
    return Section(
        title=_("Where you stand"),
        lead=_("In five minutes you know your step on the digital ladder and what is wise to do next."),
        links=[
            Link(_("Do the scan"), reverse("roadmap:scan_start")),
            Link(_("My saved scans"), reverse("marketplace:my_scans")),
            Link(_("My details and bank account"), reverse("accounts:profile")),
        ],
    )
