"""What officials can do about a solution, each on a page of its own: who may, when, with which form, and the service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from providers import services
from providers.enums import SolutionState
from providers.forms.catalogue import ConcernForm, LiftForm, ReasonsForm, ReportForm, ResolveForm
from providers.forms.vetting import SuspendForm
from providers.models import Solution
from providers.models.catalogue import SHOWN
from providers.models.feedback import reports_of


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something an official can do: the words, who, when, with which form (data, solution), and how."""

    title: Any
    lead: Any = ""
    role: Role
    verb: str
    possible: Callable[[Solution], bool]
    form: Callable[[Any, Solution], forms.Form]
    do: Callable[[Any, Solution, dict[str, Any]], Any]
    danger: bool = False


def _reasons(data: Any, _solution: Solution) -> forms.Form:
    return ReasonsForm(data)


def _reports(data: Any, solution: Solution, *, withheld: bool) -> forms.Form:
    return ReportForm(data, reports=reports_of(solution).filter(withheld_at__isnull=not withheld))


ACTS: dict[str, Act] = {
    "voornemen": Act(
        title=_("Announce a suspension"),
        lead=_("The provider reads your reasons and has two weeks to react. Somebody else decides."),
        role=Role.ASSESSOR,
        verb="announce",
        possible=lambda solution: solution.state in SHOWN and not solution.intent_sent_at,
        form=_reasons,
        do=lambda by, solution, data: services.announce_suspension(by=by, solution=solution, **data),
    ),
    "schorsen": Act(
        title=_("Suspend this solution"),
        lead=_("Customers no longer see the solution. Running vouchers go on. The provider gets a letter."),
        role=Role.DECIDER,
        verb="suspend",
        possible=lambda solution: solution.state in SHOWN,
        form=lambda data, _solution: SuspendForm(data),
        do=lambda by, solution, data: services.suspend_solution(by=by, solution=solution, **data),
        danger=True,
    ),
    "afzien": Act(
        title=_("Let the suspension go"),
        lead=_("The announced suspension is not taken."),
        role=Role.DECIDER,
        verb="drop_measure",
        possible=lambda solution: bool(solution.intent_sent_at) and not solution.taken_at_once,
        form=_reasons,
        do=lambda by, solution, data: services.drop_suspension(by=by, solution=solution, **data),
    ),
    "herstellen": Act(
        title=_("Lift the suspension"),
        lead=_("Customers see the solution again. It has to earn its place on the preferred list anew."),
        role=Role.DECIDER,
        verb="reinstate",
        possible=lambda solution: solution.state == SolutionState.SUSPENDED,
        form=_reasons,
        do=lambda by, solution, data: services.reinstate_solution(by=by, solution=solution, **data),
    ),
    "herberekenen": Act(
        title=_("Run the rule of the preferred list now"),
        role=Role.DECIDER,
        verb="judge",
        possible=lambda solution: solution.state not in {SolutionState.DRAFT, SolutionState.RETIRED},
        form=lambda data, _solution: forms.Form(data),
        do=lambda by, solution, _data: services.recompute_standing(by=by, solution=solution),
    ),
    "melding": Act(
        title=_("Note a doubt or complaint"),
        role=Role.ASSESSOR,
        verb="raise",
        possible=lambda solution: solution.state != SolutionState.RETIRED,
        form=lambda data, _solution: ConcernForm(data),
        do=lambda by, solution, data: services.raise_concern(by=by, solution=solution, **data),
    ),
    "afhandelen": Act(
        title=_("Decide on a doubt or complaint"),
        lead=_("If a doubt about integrity is right, the solution leaves the preferred list at once and stays off it."),
        role=Role.DECIDER,
        verb="resolve",
        possible=lambda solution: solution.concerns.open().exists(),
        form=lambda data, solution: ResolveForm(data, concerns=solution.concerns.open()),
        do=lambda by, _solution, data: services.resolve_concern(by=by, **data),
    ),
    "opheffen": Act(
        title=_("Lift a decision about integrity"),
        lead=_("From then on it no longer stands in the way. The solution has to earn its place anew."),
        role=Role.DECIDER,
        verb="lift",
        possible=lambda solution: solution.concerns.in_force().exists(),
        form=lambda data, solution: LiftForm(data, concerns=solution.concerns.in_force()),
        do=lambda by, _solution, data: services.lift_concern(by=by, **data),
    ),
    "achterhouden": Act(
        title=_("Withhold an answer"),
        lead=_(
            "The answer is kept, but does not count while its integrity is in doubt. Everybody sees that one is withheld."
        ),
        role=Role.ASSESSOR,
        verb="withhold",
        possible=lambda solution: reports_of(solution).filter(withheld_at__isnull=True).exists(),
        form=lambda data, solution: _reports(data, solution, withheld=False),
        do=lambda by, _solution, data: services.withhold_report(by=by, **data),
    ),
    "meetellen": Act(
        title=_("Let a withheld answer count again"),
        role=Role.ASSESSOR,
        verb="count_again",
        possible=lambda solution: reports_of(solution).filter(withheld_at__isnull=False).exists(),
        form=lambda data, solution: _reports(data, solution, withheld=True),
        do=lambda by, _solution, data: services.count_again(by=by, **data),
    ),
}
"""What can be done about a solution, by the last part of the address."""


def may(act: Act, by: Any, solution: Solution) -> bool:
    """Whether this person has this act at all, whatever the state: a decider may also what is an assessor's when the solution
    says so.
    """
    roles = {act.role, Role.DECIDER} if act.verb in Solution.DECIDER_VERBS else {act.role}
    return by.holds(*roles) and solution.may(act.verb, by)
