"""A page on which an official does one thing: what it says, its form, who may, and the service behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.pages import posted, status_of, try_to
from core.reasons import Reason
from providers import services
from providers.enums import DossierState, ProviderState
from providers.forms.vetting import AdviseForm, AnnounceForm, AskForm, MeasureForm, RejectForm, SuspendForm, TextForm


@dataclass(frozen=True, kw_only=True)
class Act:
    """A page on which an official does one thing: the words, the form, who may, in which states, and the service."""

    title: Any
    lead: Any
    submit: Any
    role: Role
    states: frozenset[str]
    verb: Callable[..., Any]
    form: type[forms.Form] = TextForm
    danger: bool = False


def _states(*states: str) -> frozenset[str]:
    return frozenset(states)


ACTS: dict[str, Act] = {
    "oppakken": Act(
        title=gettext_lazy("Start checking"),
        lead=gettext_lazy("From now on you are an assessor of this dossier. Somebody else takes the decision."),
        submit=gettext_lazy("Start checking"),
        role=Role.ASSESSOR,
        states=_states(DossierState.SUBMITTED),
        verb=services.take_up,
        form=forms.Form,
    ),
    "advies": Act(
        title=gettext_lazy("Give your advice"),
        lead=gettext_lazy("After this you cannot change the verdicts any more. Somebody else decides."),
        submit=gettext_lazy("Give the advice"),
        role=Role.ASSESSOR,
        states=_states(DossierState.IN_REVIEW),
        verb=services.advise,
        form=AdviseForm,
    ),
    "navragen": Act(
        title=gettext_lazy("Ask for more information"),
        lead=gettext_lazy("The provider can change its answers and hand the dossier in again. You can ask only once."),
        submit=gettext_lazy("Send the question"),
        role=Role.ASSESSOR,
        states=_states(DossierState.IN_REVIEW),
        verb=services.ask_more,
        form=AskForm,
    ),
    "voornemen": Act(
        title=gettext_lazy("Announce a rejection"),
        lead=gettext_lazy(
            "Needed when the rejection rests on facts the provider may dispute. It has two weeks to react."
        ),
        submit=gettext_lazy("Send the notice"),
        role=Role.ASSESSOR,
        states=_states(DossierState.IN_REVIEW, DossierState.ADVISED),
        verb=services.announce_rejection,
    ),
    "goedkeuren": Act(
        title=gettext_lazy("Approve"),
        lead=gettext_lazy("The decision takes effect at once and the provider gets a message."),
        submit=gettext_lazy("Approve"),
        role=Role.DECIDER,
        states=_states(DossierState.ADVISED),
        verb=services.approve,
    ),
    "afwijzen": Act(
        title=gettext_lazy("Reject"),
        lead=gettext_lazy("The provider gets a message with your reasons and can object."),
        submit=gettext_lazy("Reject"),
        role=Role.DECIDER,
        states=_states(DossierState.ADVISED),
        verb=services.reject,
        form=RejectForm,
        danger=True,
    ),
    "terugsturen": Act(
        title=gettext_lazy("Send back to the assessor"),
        lead=gettext_lazy("Say what has to be looked at again."),
        submit=gettext_lazy("Send back"),
        role=Role.DECIDER,
        states=_states(DossierState.ADVISED),
        verb=services.return_to_assessor,
    ),
    "terzijde": Act(
        title=gettext_lazy("Set aside as incomplete"),
        lead=gettext_lazy("Only when the provider did not answer before the last day."),
        submit=gettext_lazy("Set aside"),
        role=Role.DECIDER,
        states=_states(DossierState.MORE_INFORMATION),
        verb=services.dismiss,
        danger=True,
    ),
    "heropenen": Act(
        title=gettext_lazy("Reopen after an objection"),
        lead=gettext_lazy("The objection was upheld, so the dossier is judged again in a new round."),
        submit=gettext_lazy("Reopen"),
        role=Role.DECIDER,
        states=_states(DossierState.REJECTED),
        verb=services.reopen,
    ),
}
"""What can be done with a dossier, by the last part of the address; the first that fits is the main button."""


PROVIDER_ACTS: dict[str, Act] = {
    "voornemen": Act(
        title=gettext_lazy("Announce a measure"),
        lead=gettext_lazy("The provider reads your reasons and has two weeks to react. Somebody else decides."),
        submit=gettext_lazy("Send the notice"),
        role=Role.ASSESSOR,
        states=_states(ProviderState.ADMITTED, ProviderState.SUSPENDED),
        verb=services.announce_measure,
        form=AnnounceForm,
    ),
    "schorsen": Act(
        title=gettext_lazy("Suspend"),
        lead=gettext_lazy("Customers no longer see the provider and its solutions. Running vouchers go on."),
        submit=gettext_lazy("Suspend"),
        role=Role.DECIDER,
        states=_states(ProviderState.ADMITTED),
        verb=services.suspend_provider,
        form=SuspendForm,
        danger=True,
    ),
    "herstellen": Act(
        title=gettext_lazy("Lift the suspension"),
        lead=gettext_lazy("Customers see the provider and its solutions again."),
        submit=gettext_lazy("Lift the suspension"),
        role=Role.DECIDER,
        states=_states(ProviderState.SUSPENDED),
        verb=services.reinstate_provider,
    ),
    "verwijderen": Act(
        title=gettext_lazy("Remove from the list"),
        lead=gettext_lazy("Only after it was announced and the provider could react. It can apply again after a year."),
        submit=gettext_lazy("Remove"),
        role=Role.DECIDER,
        states=_states(ProviderState.ADMITTED, ProviderState.SUSPENDED),
        verb=services.remove_provider,
        form=MeasureForm,
        danger=True,
    ),
    "afzien": Act(
        title=gettext_lazy("Let the measure go"),
        lead=gettext_lazy("The announced measure is not taken."),
        submit=gettext_lazy("Let it go"),
        role=Role.DECIDER,
        states=_states(ProviderState.ADMITTED, ProviderState.SUSPENDED),
        verb=services.drop_measure,
    ),
}
"""What can be done about a provider, by the last part of the address."""


def take_step(request: HttpRequest, act: Act, subject: dict[str, Any]) -> tuple[dict[str, Any], HTTPStatus] | None:
    """Runs the form of an act; None when it was done, otherwise what the page shows and its status.

    The role is asked by the service too; here it keeps somebody from a form that can only fail.
    """
    if not request.user.holds(act.role):
        raise PermissionDenied
    form = act.form(*posted(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _answer, reasons = try_to(lambda: act.verb(by=request.user, **subject, **form.cleaned_data))
        if not reasons:
            return None
    return {"act": act, "form": form, "reasons": reasons}, status_of(form, reasons=reasons)
