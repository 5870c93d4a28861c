"""What waits for a business and for the adviser who helps one."""

import datetime as dt
from typing import Any

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import OrganisationKind
from core import clock
from core.i18n import localised
from core.tones import tone_of
from core.wording import long_date
from marketplace.homes.parts import SHOWN, Link, Section, Task
from roadmap.models import Level, Scan
from vouchers.enums import OPEN_CLAIM, ApplicationState, DecisionKind, VoucherState
from vouchers.models import Application, Claim, NoticeOfIntent, Voucher
from vouchers.rules.voucher import next_step
from vouchers.selectors import notices_to_answer

MOST = 50
"""Cases looked at for what is to be done; a small business has a handful."""

INTENDED = {
    DecisionKind.REFUSAL: gettext_lazy("We intend to refuse your application"),
    DecisionKind.DETERMINATION: gettext_lazy("We intend to pay less than you asked"),
    DecisionKind.REVOCATION: gettext_lazy("We intend to withdraw your voucher"),
    DecisionKind.RECLAIM: gettext_lazy("We intend to ask money back"),
}
"""What a notice of intent announces, by the decision that is meant."""


def business(user: Any) -> list[Section]:
    """What one has to do now, as cards with their last day; then what runs by itself and where one stands; empty things last."""
    several = user.organisations(OrganisationKind.SME).count() > 1
    to_do = Section(title=_("What you have to do now"), cards=_notices(user, several=several))
    running, empty = [], []
    for section in (_applications(user), _vouchers(user, several=several)):
        mine = [task for task in section.tasks if task.button]
        section.tasks = [task for task in section.tasks if not task.button]
        section.more = max(len(section.tasks) - SHOWN, 0)
        section.tasks = section.tasks[:SHOWN]
        to_do.cards += mine
        if section.tasks:
            running.append(section)
        elif mine:
            to_do.links += section.links
        else:
            empty.append(section)
    to_do.cards.sort(key=lambda task: task.due or dt.date.max)
    rest = [*running, _stand(user), *empty]
    for section in rest:
        section.work = False
    return [*([to_do] if to_do.cards else []), *rest]


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
    waits = Min("questions__answer_by", filter=Q(questions__answered_at__isnull=True))
    rows = mine.select_related("programme", "organisation").annotate(answer_by=waits).order_by("-pk")[:MOST]
    return Section(
        title=_("My applications"),
        tasks=[_application(row) for row in rows],
        links=[Link(_("All my applications"), reverse("vouchers:applications"))],
        empty_title=_("No application is under way"),
        empty_text=_("Choose a tested solution first. From its page you apply for a voucher."),
        empty_url=reverse("providers:catalogue"),
        empty_label=_("Look at the solutions"),
    )


def _application(row: Application) -> Task:
    url, meta = reverse("vouchers:application", args=[row.pk]), str(row.organisation)
    match row.state:
        case ApplicationState.DRAFT:
            return Task(title=_("Finish your application"), url=url, meta=meta, button=_("Go on"))
        case ApplicationState.MORE_INFORMATION:
            title = _("Answer our question about application %(number)s") % {"number": row.number}
            return Task(title=title, url=url, meta=meta, due=row.answer_by, button=_("Answer"))
    if row.decide_by:
        decided = _("we decide on %(day)s at the latest") % {"day": long_date(row.decide_by)}
        meta = f"{meta} · {decided}"
    return Task(
        title=str(row),
        url=url,
        meta=meta,
        badge=row.state_words(own=True),
        tone=tone_of(row.state, row._meta.label_lower),
    )


def _notices(user: Any, *, several: bool = False) -> list[Task]:
    """What the authority announced about a case of one's own, while one can still respond (Awb 4:7, 4:8)."""
    return [_notice(*about, several=several) for about in notices_to_answer(user)]


def _notice(row: NoticeOfIntent, voucher: Voucher | None, claim: Claim | None, *, several: bool) -> Task:
    if row.kind == DecisionKind.REFUSAL:
        url, number = reverse("vouchers:answer_intent", args=[row.application_id, row.pk]), row.application.number
    elif row.kind == DecisionKind.DETERMINATION:
        url, number = reverse("vouchers:claim_respond", args=[voucher.number, claim.seq]), voucher.number
    else:
        url, number = reverse("vouchers:voucher_respond", args=[voucher.number, row.pk]), voucher.number
    whose = row.application.organisation if several else None
    title = str(INTENDED[DecisionKind(row.kind)])
    return Task(title=title, url=url, meta=_of(whose, number), due=row.answer_by, button=_("Read and respond"))


def _of(business: Any, *told: str) -> str:
    """The line below a task: whose it is, for somebody of several businesses, and what more there is to say."""
    return " · ".join(str(part) for part in (business, *told) if part)


def _vouchers(user: Any, *, several: bool) -> Section:
    mine = Voucher.objects.of_sme(user).filter(state__in=[VoucherState.ISSUED, VoucherState.SETTLED])
    rows = list(mine.with_case().order_by("-issued_at")[:MOST])
    claims: dict[int, list[Claim]] = {}
    for claim in Claim.objects.filter(voucher__in=rows).order_by("seq"):
        claims.setdefault(claim.voucher_id, []).append(claim)
    return Section(
        title=_("My vouchers"),
        tasks=[_voucher(row, claims.get(row.pk, []), several=several) for row in rows],
        links=[Link(_("All my vouchers"), reverse("vouchers:vouchers"))],
        empty_title=_("No voucher yet"),
        empty_text=_("After an award your voucher is here, with what to do next and before which day."),
    )


def _voucher(row: Voucher, claims: list[Claim], *, several: bool) -> Task:
    whose = row.sme if several else None
    page, states = reverse("vouchers:voucher", args=[row.number]), [(claim.state, claim.is_last) for claim in claims]
    step = next_step(row.state, row.dates, states, today=clock.today())
    opened = next((claim for claim in claims if claim.state in OPEN_CLAIM), None)
    if opened and step != "wait":
        page = reverse("vouchers:claim", args=[row.number, opened.seq])
    todo = {
        "answer": (_("Answer our question about your payment"), opened and opened.answer_by),
        "continue": (_("Finish your request for payment"), row.claim_by),
        "order": (_("Order it and tell us"), row.order_by),
        "delivery": (_("Tell us when it is delivered"), row.deliver_by),
        "claim": (_("Ask for your payment"), row.claim_by),
    }
    if step in todo:
        title, due = todo[step]
        return Task(title=title, url=page, meta=_of(whose, str(row.solution), row.number), due=due, button=_("Do this"))
    return Task(
        title=str(row.solution),
        url=page,
        meta=_of(whose, _("We are looking at your request for payment") if step == "wait" else ""),
        badge=row.state_words(own=True),
        tone=tone_of(row.state, row._meta.label_lower),
    )


def _stand(user: Any) -> Section:
    """The last scan that was saved, with the way to its roadmap; without one, what a scan brings."""
    profile = Link(_("My details and bank account"), reverse("accounts:profile"))
    scans = Scan.objects.visible_to(user).finished().select_related("organisation")
    scan = scans.order_by("-finished_at", "-pk").first()
    if scan is None:
        start = Link(_("Do the scan"), reverse("roadmap:scan_start"))
        lead = _("In five minutes you know your rung on the digital ladder and what is wise to do next.")
        return Section(title=_("Where you stand"), lead=lead, links=[start, profile])
    level = Level.objects.get(questionnaire=scan.questionnaire, level=scan.level)
    card = Task(
        title=_("Rung %(level)s of 4: %(name)s") % {"level": level.level, "name": localised(level, "name")},
        url=reverse("marketplace:my_scan", args=[scan.pk]),
        meta=_("%(business)s, scan of %(day)s") % {"business": scan.organisation, "day": long_date(scan.finished_at)},
        button=_("My roadmap"),
    )
    return Section(
        title=_("Where you stand"),
        cards=[card],
        links=[
            Link(_("Do the scan again"), reverse("roadmap:scan_start")),
            Link(_("My saved scans"), reverse("marketplace:my_scans")),
            profile,
        ],
    )
