"""E-mail of vetting: to the contact person of the provider, in both languages, sent when the act is kept."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts.notifications import notify
from providers.models import ChecklistItem, Dossier, FeedbackInvitation, Provider, Solution, VettingDecision
from providers.rules.standing import Move
from providers.wording import grounds_of


def _tell(provider: Provider, template: str, page: str, args: list[Any], **context: Any) -> None:
    language = _language_of(provider)
    with translation.override(language):
        path = reverse(f"providers:{page}", args=args)
    notify(
        to=provider.contact_email,
        template=f"emails/vetting/{template}",
        context={"provider": provider, "path": path, **context},
        language=language,
    )


def _language_of(provider: Provider) -> str:
    """The language of the person behind the contact address, when that person has an account; otherwise Dutch."""
    members = provider.organisation.memberships.filter(person__email__iexact=provider.contact_email)
    return members.values_list("person__language", flat=True).first() or "nl"


def tell_received(dossier: Dossier) -> None:
    """The dossier was handed in; when the first answer comes."""
    _tell(dossier.provider, "received", "dossier", [dossier.pk], dossier=dossier)


def tell_more_asked(dossier: Dossier) -> None:
    """The assessor asks for more, until a day."""
    _tell(dossier.provider, "more_asked", "dossier", [dossier.pk], dossier=dossier)


def tell_decided(decision: VettingDecision) -> None:
    """A decision was taken; where to read it and until when one can object, or react when it could not wait for that."""
    subject = decision.solution or decision.provider
    _tell(
        decision.provider,
        "decided",
        "vetting_decision",
        [decision.pk],
        decision=decision,
        dossier=decision.dossier,
        subject=subject,
        react_until=subject.intent_due_on if decision.urgent else None,
    )


def tell_intent(subject: Dossier | Provider | Solution) -> None:
    """What the authority means to decide, and until when the provider can react."""
    match subject:
        case Dossier():
            _tell(subject.provider, "intent", "dossier", [subject.pk], subject=subject, about=subject.provider)
        case Solution():
            _tell(subject.provider, "intent", "my_solution", [subject.pk], subject=subject, about=subject)
        case _:
            _tell(subject, "intent", "provider_home", [], subject=subject, about=subject)


def tell_expiry(
    provider: Provider, solution: Solution | None, endings: Sequence[tuple[dt.date, Sequence[ChecklistItem]]]
) -> None:
    """On which days the evidence for some items, or the vetting as a whole (no items), ends, and where to renew it."""
    page, args = ("my_solution", [solution.pk]) if solution else ("provider_page", [provider.slug])
    _tell(provider, "expiry", page, args, subject=solution or provider, endings=endings)


# --- catalogue, feedback and standing --------------------------------------------------------------------------------


def ask_for_feedback(invitation: FeedbackInvitation, token: str, task: str) -> None:
    """The personal link to one end user, with the work it is about. The only place where the token is written out."""
    with translation.override(invitation.language):
        path = reverse("providers:feedback", args=[token])
    notify(
        to=invitation.email,
        template="emails/feedback/invitation",
        context={"invitation": invitation, "solution": invitation.solution, "task": task, "path": path},
        language=invitation.language,
    )


def tell_standing(solution: Solution, move: Move, decision: VettingDecision | None = None) -> None:
    """What changed in the place of a solution on the preferred list, on which grounds, and from when.

    Leaving the list comes with a decision: where to read it and until when one can object.
    """
    language = _language_of(solution.provider)
    with translation.override(language):
        path = reverse("providers:my_solution", args=[solution.pk])
        letter = reverse("providers:vetting_decision", args=[decision.pk]) if decision else ""
    notify(
        to=solution.provider.contact_email,
        template=f"emails/standing/{move.move}",
        context={
            "solution": solution,
            "provider": solution.provider,
            "grounds": grounds_of(move.grounds),
            "path": path,
            "decision": decision,
            "letter": letter,
        },
        language=language,
    )
