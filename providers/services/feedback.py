"""Asking end users by a personal link, and keeping what they answer (DESIGN 4.5, 4.16; RELIABILITY 47-51)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum

from accounts.models import Organisation, Sector
from core import clock
from core.actors import SystemActor
from core.identifiers import normalise_kvk, validate_kvk
from core.reasons import Reason, Refused
from core.tokens import hash_token, new_token
from core.workflow import NotAuthorised, note, record, unit
from providers.enums import Benefit, FeedbackSource, InvitationStatus
from providers.models import Baseline, FeedbackInvitation, FeedbackReport, Provider, Solution
from providers.models.feedback import TASK_LETTERS
from providers.notifications import ask_for_feedback
from providers.rules.catalogue import CatalogueReason
from providers.rules.gain import AFTER, BEFORE, answer_reasons, before_reasons, gain_of
from providers.rules.invitation import (
    InvitationReason,
    LinkReason,
    Person,
    ProviderTies,
    reference_reasons,
    user_reasons,
)
from providers.rules.rulesets import rule_set
from providers.services.dossiers import bounded
from providers.services.standing import PROFILE, STANDING, recompute_standing

END_USER = SystemActor("end-user")
"""Who the trail says answered: somebody with a personal link. Which one stands in the invitation, not in the trail."""


class LinkGone(Exception):
    """The link was real and does not work any more. `reason` says why; `invitation` whose it was."""

    def __init__(self, reason: Reason, invitation: FeedbackInvitation):
        self.reason, self.invitation = reason, invitation
        super().__init__(reason.code.value)


@unit
def invite_reference(
    *,
    by: Any,
    solution: Solution,
    company: str,
    kvk: str,
    name: str,
    email: str,
    in_use_since: dt.date,
    sector: Sector | None = None,
    language: str = "nl",
) -> FeedbackInvitation:
    """Asks a customer the provider names, by a personal link that works once and for a limited time (checklist REF-01..04).

    Raises NotAuthorised for a stranger, Refused with every reason why this customer does not count, ValidationError for a
    number or address of the wrong form.
    """
    solution = record(
        solution, "invite", by=by, facts={"source": FeedbackSource.REFERENCE}, private={"kvk": kvk, "email": email}
    )
    kvk, email = normalise_kvk(kvk), email.strip().lower()
    validate_kvk(kvk)
    customers = solution.invitations.filter(source=FeedbackSource.REFERENCE).order_by()
    named = list(customers.live().values_list("kvk", "email"))
    times_asked = customers.values_list("kvk").annotate(times=Sum("times_sent"))
    reasons = reference_reasons(
        Person(company=company, kvk=kvk, email=email, in_use_since=in_use_since),
        ties=ties_of(solution.provider_id),
        named_kvks=frozenset(other for other, _email in named),
        named_emails=frozenset(other for _kvk, other in named),
        times_asked=dict(times_asked),
        on=clock.today(),
        rules=rule_set(PROFILE, clock.today()),
    )
    if reasons:
        raise Refused(reasons)
    invitation = FeedbackInvitation(
        source=FeedbackSource.REFERENCE,
        solution=solution,
        company=company.strip(),
        kvk=kvk,
        sector=sector,
        name=name.strip(),
        email=email,
        language=language,
        in_use_since=in_use_since,
    )
    return _send(by, invitation)


def waves_on(day: dt.date) -> tuple[int, ...]:
    """After how many months of use a user at a business with a voucher is asked, by the rules of that day (DESIGN 4.5)."""
    return rule_set(PROFILE, day).waves


@unit
def invite_feedback(
    *,
    by: Any,
    solution: Solution,
    sme: Organisation,
    email: str,
    name: str,
    case_ref: str,
    in_use_since: dt.date,
    wave: int,
    voucher_ref: str,
    language: str = "nl",
) -> FeedbackInvitation:
    """Asks a user at a business with a voucher, whom that business named. One invitation per person, voucher and wave:
    asked again, the existing one is returned.

    `wave` is in months, one of the rule set's. Raises NotAuthorised for a member of the provider, ValueError for another
    wave, Refused when the person stands too close to the provider or has used the solution too short a time.
    """
    email, today = email.strip().lower(), clock.today()
    rules = rule_set(PROFILE, today)
    if wave not in rules.waves:
        raise ValueError(f"there is no wave {wave}")
    if not solution.may("invite_user", by):
        raise NotAuthorised("invite_user")
    # Judged before the trail is written: a caller may pass over a refusal, and then nothing has happened.
    person = Person(company=str(sme), kvk=sme.kvk, email=email, in_use_since=in_use_since)
    reasons = user_reasons(person, ties=ties_of(solution.provider_id), on=today, rules=rules)
    if reasons:
        raise Refused(reasons)
    earlier = FeedbackInvitation.objects.filter(
        source=FeedbackSource.VOUCHER, voucher_ref=voucher_ref, email=email, wave=wave
    )
    already = earlier.first()
    if already:
        return already
    facts = {"source": FeedbackSource.VOUCHER, "voucher": voucher_ref, "wave": wave}
    solution = record(solution, "invite_user", by=by, facts=facts, private={"email": email})
    already = earlier.all().first()  # somebody else may have asked while we waited for the lock
    if already:
        return already
    invitation = FeedbackInvitation(
        source=FeedbackSource.VOUCHER,
        solution=solution,
        organisation=sme,
        company=str(sme),
        kvk=sme.kvk,
        sector=sme.sector,
        name=name.strip(),
        email=email,
        language=language,
        in_use_since=in_use_since,
        wave=wave,
        case_ref=case_ref,
        voucher_ref=voucher_ref,
    )
    return _send(by, invitation)


@unit
def resend_invitation(*, by: Any, invitation: FeedbackInvitation) -> FeedbackInvitation:
    """A fresh link for somebody whose link expired unanswered; the old one stays dead. At most `most_sent` times in all."""
    record(invitation.solution, "resend", by=by, facts={"invitation": invitation.pk})
    invitation = _locked(invitation)
    match invitation.status(clock.now()):
        case InvitationStatus.OPEN:
            raise Refused(Reason(InvitationReason.STILL_OPEN))
        case InvitationStatus.ANSWERED:
            raise Refused(Reason(InvitationReason.ANSWERED))
        case InvitationStatus.CANCELLED:
            raise Refused(Reason(InvitationReason.WITHDRAWN))
    rules = rule_set(PROFILE, clock.today())
    if invitation.times_sent >= rules.most_sent:
        raise Refused(Reason(InvitationReason.SENT_OFTEN, {"times": invitation.times_sent}))
    token, now = new_token(), clock.now()
    invitation.token_hash, invitation.expires_at = hash_token(token), now + dt.timedelta(days=rules.link_days)
    invitation.times_sent += 1
    invitation.save(update_fields=["token_hash", "expires_at", "times_sent"])
    ask_for_feedback(invitation, token, _task(invitation))
    return invitation


@unit
def withdraw_invitation(*, by: Any, invitation: FeedbackInvitation) -> FeedbackInvitation:
    """The provider takes back that it named a customer, as long as nobody answered: the address was mistyped, for instance.

    The link is dead at once. The business stays asked: unless it is named again it counts as one that did not answer, so
    that withdrawing cannot choose who answers (ADR 0009). Raises NotAuthorised for a stranger or for a user at a business
    with a voucher, Refused when it was answered or withdrawn.
    """
    if invitation.source != FeedbackSource.REFERENCE:
        raise NotAuthorised("withdraw_invitation")
    record(invitation.solution, "withdraw_invitation", by=by, facts={"invitation": invitation.pk})
    invitation = _locked(invitation)
    if invitation.answered_at:
        raise Refused(Reason(InvitationReason.ANSWERED))
    if invitation.cancelled_at:
        raise Refused(Reason(InvitationReason.WITHDRAWN))
    invitation.cancelled_at = clock.now()
    invitation.save(update_fields=["cancelled_at"])
    return invitation


@unit
def record_baseline(
    *,
    by: Any,
    solution: Solution,
    sme: Organisation,
    voucher_ref: str,
    answers: Mapping[str, Decimal | int],
    task: str = "",
) -> Baseline | None:
    """Fixes how the work went before, once and for all (RELIABILITY 49); None for assurance, which asks nothing before.

    `answers`: times_per_week and minutes_before, or results_before and hours_before; `task` names the work in one line, as
    end users will read it. Raises NotAuthorised unless a member
    of the business says so, Refused for numbers that cannot be, or when it was fixed before.
    """
    if not by.is_member_of(sme):
        raise NotAuthorised("record_baseline")
    benefit = Benefit(solution.category.benefit)
    asked = [question.field for question in BEFORE[benefit]]
    if not asked:
        return None
    numbers = {field: answers.get(field) for field in asked}
    reasons = before_reasons(benefit, numbers)
    if Baseline.objects.filter(voucher_ref=voucher_ref).exists():
        reasons.append(Reason(InvitationReason.BASELINE_FIXED))
    if reasons:
        raise Refused(reasons)
    try:
        with transaction.atomic():
            baseline = Baseline.objects.create(
                solution=solution,
                organisation=sme,
                voucher_ref=voucher_ref,
                task=task.strip()[:TASK_LETTERS],
                recorded_at=clock.now(),
                **numbers,
            )
    except IntegrityError as taken:
        raise Refused(Reason(InvitationReason.BASELINE_FIXED)) from taken
    note(
        by=by,
        action="record_baseline",
        subject=baseline,
        facts={"voucher": voucher_ref, **numbers},
        case=solution.case(),
    )
    return baseline


def open_invitation(token: str) -> FeedbackInvitation:
    """The invitation a link belongs to, ready to be answered.

    Raises FeedbackInvitation.DoesNotExist for a link that never was, LinkGone for one that was used, withdrawn or expired.
    """
    return _opened(
        FeedbackInvitation.objects.select_related("solution__category", "solution__provider__organisation"), token
    )


def _opened(invitations: QuerySet[FeedbackInvitation], token: str) -> FeedbackInvitation:
    return _still_open(invitations.get(token_hash=hash_token(token)))


def baseline_for(invitation: FeedbackInvitation) -> Baseline | None:
    """What was fixed before the work started, for the voucher of this invitation."""
    if not invitation.voucher_ref:
        return None
    return Baseline.objects.filter(voucher_ref=invitation.voucher_ref, solution=invitation.solution).first()


@unit
def answer_feedback(*, token: str, answers: Mapping[str, Any]) -> FeedbackReport:
    """Keeps the answer of the person with this link, uses the link up, and runs the preferred rule anew.

    `answers` holds the numbers that `providers.rules.gain` asks for the category's benefit, `satisfaction` 1-5 and for
    assurance `test_passed`; what a baseline fixed is not asked again. Raises FeedbackInvitation.DoesNotExist, LinkGone, and
    Refused with everything that is wrong with the answers.
    """
    known = _opened(FeedbackInvitation.objects.select_related("solution"), token)
    facts = {"invitation": known.pk, "source": known.source}
    solution = record(known.solution, "answer", by=END_USER, facts=facts)
    invitation = _still_open(_locked(known))
    benefit = Benefit(solution.category.benefit)
    baseline = baseline_for(invitation)
    fixed = {question.field: getattr(baseline, question.field) for question in BEFORE[benefit]} if baseline else {}
    asked = [question.field for question in (*BEFORE[benefit], *AFTER[benefit])]
    complete = {field: answers.get(field) for field in asked} | fixed
    complete["satisfaction"] = answers.get("satisfaction")
    complete["test_passed"] = answers.get("test_passed") if benefit == Benefit.ASSURANCE else None
    reasons = answer_reasons(benefit, complete)
    if reasons:
        raise Refused(reasons)
    now = clock.now()
    rules = rule_set(PROFILE, clock.day_of(now))
    gain = gain_of(benefit, complete, floor=rules.gain_floor, cap=rules.gain_cap)
    report = FeedbackReport.objects.create(
        invitation=invitation,
        benefit=benefit,
        baseline=baseline,
        gain="" if gain is None else str(gain),
        answered_at=now,
        **complete,
    )
    invitation.answered_at = now
    invitation.save(update_fields=["answered_at"])
    recompute_standing(by=STANDING, solution=solution, on=clock.day_of(now))
    return report


@unit
def withhold_report(*, by: Any, report: FeedbackReport, text: str) -> FeedbackReport:
    """Takes an answer out of the count while its integrity is in doubt, and runs the preferred rule anew. The answer is kept
    and counted as withheld. Raises NotAuthorised, Refused without reasons or when it was withheld before.
    """
    return _counted(by, report, "withhold", text)


@unit
def count_again(*, by: Any, report: FeedbackReport, text: str) -> FeedbackReport:
    """Lets an answer count again that was withheld; the opposite of `withhold_report`."""
    return _counted(by, report, "count_again", text)


def _counted(by: Any, report: FeedbackReport, verb: str, text: str) -> FeedbackReport:
    text, withhold, now = bounded(text), verb == "withhold", clock.now()
    solution = record(report.invitation.solution, verb, by=by, facts={"report": report.pk}, private={"text": text})
    report = FeedbackReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    reasons = [] if text else [Reason(CatalogueReason.TEXT_NEEDED)]
    if withhold == (report.withheld_at is not None):
        reasons.append(Reason(InvitationReason.COUNTS_SO))
    if reasons:
        raise Refused(reasons)
    report.withheld_at, report.withheld_text = (now, text) if withhold else (None, "")
    report.save(update_fields=["withheld_at", "withheld_text"])
    recompute_standing(by=STANDING, solution=solution, on=clock.day_of(now))
    return report


def ties_of(provider_id: int) -> ProviderTies:
    """What ties people and businesses to a provider: its number, its people, its mail domains; one query."""
    rows = Provider.objects.filter(pk=provider_id).values_list(
        "organisation__kvk",
        "contact_email",
        "organisation__email",
        "website",
        "organisation__website",
        "organisation__memberships__person__email",
    )
    numbers, contacts, addresses, websites, more_websites, people = map(set, zip(*rows, strict=True))
    return ProviderTies.of(
        kvk=numbers.pop(),
        addresses=filter(None, contacts | addresses | people),
        websites=filter(None, websites | more_websites),
    )


def _locked(invitation: FeedbackInvitation) -> FeedbackInvitation:
    return FeedbackInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)


def _task(invitation: FeedbackInvitation) -> str:
    """Which work the business said is measured; nothing for a reference customer."""
    baseline = baseline_for(invitation)
    return baseline.task if baseline else ""


def _still_open(invitation: FeedbackInvitation) -> FeedbackInvitation:
    code = {
        InvitationStatus.CANCELLED: LinkReason.CANCELLED,
        InvitationStatus.ANSWERED: LinkReason.USED,
        InvitationStatus.EXPIRED: LinkReason.EXPIRED,
    }.get(invitation.status(clock.now()))
    if code:
        raise LinkGone(Reason(code), invitation)
    return invitation


def _send(by: Any, invitation: FeedbackInvitation) -> FeedbackInvitation:
    """Keeps the invitation with the fingerprint of its link and sends the link."""
    token, now = new_token(), clock.now()
    invitation.token_hash = hash_token(token)
    days = rule_set(PROFILE, clock.day_of(now)).link_days
    invitation.sent_at, invitation.expires_at = now, now + dt.timedelta(days=days)
    # Only the form of what was typed: who was asked before is known, and the solution is locked.
    invitation.clean_fields(exclude=["solution", "organisation", "sector"])
    invitation.save()
    ask_for_feedback(invitation, token, _task(invitation))
    note(
        by=by,
        action="send_invitation",
        subject=invitation,
        facts={"source": invitation.source, "wave": invitation.wave, "until": invitation.expires_at},
        case=invitation.solution.case(),
    )
    return invitation
