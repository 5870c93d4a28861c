"""What a run of the preferred rule leads to: onto the list, notice, notice lifted, off the list (DESIGN 4.6)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.reasons import Reason, ReasonCode
from providers.enums import SolutionState, StandingMove
from providers.rules.preferred import EVIDENCE_GROUNDS, Judgement
from providers.rules.rulesets import RuleSet


class ConcernReason(ReasonCode):
    """Why something about a concern or a notice is refused."""

    RESOLVED = "providers.concern_resolved", _("This was already decided.")
    OWN = "providers.concern_own", _("You raised this yourself. Somebody else has to decide on it.")
    NOT_UPHELD = "providers.concern_not_upheld", _("Only a decision that integrity fell short can be lifted, once.")
    NO_NOTICE = "providers.no_notice", _("This solution is not on notice.")
    REPLIED = "providers.notice_replied", _("You have already replied to this notice.")


@dataclass(frozen=True)
class PastRun:
    """What an earlier run found: its day, and whether a ground for losing the place held."""

    on: dt.date
    losing: bool


@dataclass(frozen=True)
class Notice:
    """A notice that was given: the grounds it named and the day it bites."""

    codes: frozenset[str]
    until: dt.date


@dataclass(frozen=True)
class Move:
    """What a run leads to, on which grounds, and whether the evidence is getting old."""

    move: StandingMove
    grounds: tuple[Reason, ...] = ()
    ageing: bool = False
    bites_on: dt.date | None = None


def next_move(
    *,
    state: SolutionState,
    judgement: Judgement,
    on: dt.date,
    rules: RuleSet,
    past: Sequence[PastRun] = (),
    notice: Notice | None = None,
) -> Move:
    """What the judgement means for a solution that stands where it stands.

    On the list as soon as everything holds. Notice only when grounds held at every run over the span of two monthly runs;
    off the list only after the notice's thirty days, on a ground the notice named. Too few reports change nothing: the
    place stays, marked as resting on ageing evidence.
    """
    ageing = state in {SolutionState.PREFERRED, SolutionState.ON_NOTICE} and not judgement.enough
    match state:
        case SolutionState.LISTED if judgement.passes:
            return Move(StandingMove.PREFER)
        case SolutionState.PREFERRED if judgement.grounds and _losing_long_enough(past, on, rules):
            bites_on = on + dt.timedelta(days=rules.notice_days)
            return Move(StandingMove.WARN, judgement.grounds, ageing, bites_on)
        case SolutionState.ON_NOTICE if notice:
            return _under_notice(judgement, notice, on, ageing)
    return Move(StandingMove.STAY, ageing=ageing)


def _under_notice(judgement: Judgement, notice: Notice, on: dt.date, ageing: bool) -> Move:
    still = tuple(ground for ground in judgement.grounds if ground.code.value in notice.codes)
    if still and on >= notice.until:
        return Move(StandingMove.DROP, still, ageing)
    evidence_codes = {code.value for code in EVIDENCE_GROUNDS}
    undecided = not judgement.enough and bool(notice.codes & evidence_codes)
    if not still and not undecided:
        return Move(StandingMove.RESTORE, ageing=ageing)
    return Move(StandingMove.STAY, still, ageing)


def _losing_long_enough(past: Sequence[PastRun], on: dt.date, rules: RuleSet) -> bool:
    """Whether grounds held at every run since a run at least a month ago. `past` holds at least the latest run without
    grounds and the first one with grounds after it.
    """
    since = on
    for run in sorted((run for run in past if run.on <= on), key=lambda run: run.on, reverse=True):
        if not run.losing:
            break
        since = run.on
    return (on - since).days >= rules.losing_span_days
