"""Runs the preferred rule on a solution and does what it leads to (DESIGN 4.6)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from core import clock
from core.actors import SystemActor
from core.canonical import content_hash, plain
from core.enums import HandRole
from core.reasons import Reason, Refused
from core.workflow import perform, record, unit
from providers.enums import Benefit, ConcernKind, FeedbackSource, SolutionState, StandingMove, VettingDecisionKind
from providers.models import Concern, Solution, StandingRun, VettingDecision
from providers.models.feedback import exact_gain
from providers.notifications import tell_decided, tell_standing
from providers.rules.catalogue import CatalogueReason
from providers.rules.evidence import Inputs, Invited, Report
from providers.rules.preferred import Judgement, StandingReason, judge
from providers.rules.published import has_figures
from providers.rules.rulesets import RuleSet, rule_set
from providers.rules.standing import ConcernReason, Move, Notice, PastRun, next_move
from providers.services.decisions import new_decision

PROFILE = "standard"
"""The profile of the rule this marketplace publishes."""

STANDING = SystemActor("standing")
"""The machine that runs the published rule."""


@unit
def recompute_standing(*, by: Any, solution: Solution, on: dt.date | None = None) -> StandingRun:
    """Judges a solution by the published rule on what is known on a day, keeps the run with its inputs, and acts on it:
    prefer, warn, restore, drop or stay. Drafts, suspended and retired solutions are judged and stay what they are.

    `by` is the standing machine or a decider. Raises NotAuthorised for anybody else.
    """
    on = on or clock.today()
    rules = rule_set(PROFILE, on)
    solution = record(solution, "judge", by=by, facts={"on": on, "rule": rules.code, "version": rules.version})
    inputs = gather_inputs(solution, on)
    judgement = judge(inputs, rules)
    state = SolutionState(solution.state)
    move = next_move(
        state=state,
        judgement=judgement,
        on=on,
        rules=rules,
        past=_past(solution, on),
        notice=_notice(solution),
    )
    run = _keep(solution, on, rules, inputs, judgement, state, move)
    solution = _act(by, solution, on, move)
    decision = None
    if move.move == StandingMove.DROP:
        decision = _decide(by, solution, move.grounds, rules, {"run": run.pk, "inputs_sha256": run.inputs_sha256})
    solution.standing = run
    solution.shown_run = _shown(solution)
    solution.evidence_ageing = move.ageing and solution.is_preferred
    solution.save(update_fields=["standing", "shown_run", "evidence_ageing"])
    if move.move != StandingMove.STAY:
        tell_standing(solution, move, decision)
    run.solution = solution
    return run


def replay(run: StandingRun) -> bool:
    """Whether the stored inputs, judged again by the stored rule set, give the stored outcome (RELIABILITY 54)."""
    same_inputs = content_hash(run.inputs) == run.inputs_sha256
    judgement = judge(Inputs.from_json(run.inputs), RuleSet.from_json(run.rule))
    return same_inputs and judgement.as_json() == run.outcome


@unit
def raise_concern(*, by: Any, solution: Solution, kind: ConcernKind, text: str) -> Concern:
    """Opens a doubt about integrity or a complaint; while it is open, the solution cannot become preferred.

    Raises Refused without words, NotAuthorised for a stranger.
    """
    solution = record(solution, "raise", by=by, facts={"kind": ConcernKind(kind)}, private={"text": text})
    _refuse_without(text)
    person = None if isinstance(by, SystemActor) else by
    return Concern.objects.create(
        solution=solution, kind=kind, text=text.strip(), raised_by=person, raised_at=clock.now()
    )


@unit
def resolve_concern(*, by: Any, concern: Concern, upheld: bool, text: str) -> Concern:
    """A decider says what came of a concern. An upheld doubt about integrity bites at once, off the preferred list, and keeps
    the solution off it until `lift_concern`.

    Somebody else than who raised it decides. Raises Refused when it was resolved before, without words, or for the person
    who raised it.
    """
    facts = {"concern": concern.pk, "upheld": upheld}
    hand = HandRole.DECIDER
    solution = record(concern.solution, "resolve", by=by, facts=facts, private={"text": text}, hand=hand)
    _refuse_without(text)
    concern = _one_of_others(concern, by)
    if concern.resolved_at:
        raise Refused(Reason(ConcernReason.RESOLVED))
    concern.resolved_at, concern.resolved_by = clock.now(), by
    concern.upheld, concern.resolution = upheld, text.strip()
    concern.save()
    if upheld and concern.kind == ConcernKind.INTEGRITY and solution.is_preferred:
        solution = perform(solution, "drop", by=by, facts={"grounds": [StandingReason.INTEGRITY_DECISION.value]})
        move = Move(StandingMove.DROP, (Reason(StandingReason.INTEGRITY_DECISION),))
        rules = rule_set(PROFILE, clock.today())
        decision = _decide(by, solution, move.grounds, rules, _about(concern), text=concern.resolution)
        tell_standing(solution, move, decision)
    return concern


@unit
def lift_concern(*, by: Any, concern: Concern, text: str) -> Concern:
    """A decider says, with reasons and in a letter, that a decision about integrity no longer stands in the way. The solution
    has to earn its place on the preferred list anew.

    Raises NotAuthorised, Refused without words, for a concern that was not upheld or was lifted before, or for the person
    who raised it.
    """
    facts, hand = {"concern": concern.pk}, HandRole.DECIDER
    solution = record(concern.solution, "lift", by=by, facts=facts, private={"text": text}, hand=hand)
    _refuse_without(text)
    concern = _one_of_others(concern, by)
    if not Concern.objects.in_force().filter(pk=concern.pk).exists():
        raise Refused(Reason(ConcernReason.NOT_UPHELD))
    concern.lifted_at, concern.lifted_by, concern.lifting = clock.now(), by, text.strip()
    concern.save()
    tell_decided(
        new_decision(
            by=by,
            provider=solution.provider,
            solution=solution,
            kind=VettingDecisionKind.LIFT,
            text=concern.lifting,
            inputs={"solution": solution.reference(), **_about(concern)},
        )
    )
    return concern


@unit
def reply_to_notice(*, by: Any, solution: Solution, text: str) -> Solution:
    """The provider's say on a notice, once, before it bites. Raises Refused when there is no notice or a reply was given."""
    solution = record(solution, "reply", by=by, private={"text": text})
    _refuse_without(text)
    if solution.state != SolutionState.ON_NOTICE:
        raise Refused(Reason(ConcernReason.NO_NOTICE))
    if solution.notice_replied_at:
        raise Refused(Reason(ConcernReason.REPLIED))
    solution.notice_reply, solution.notice_replied_at = text.strip(), clock.now()
    solution.save()
    return solution


def gather_inputs(solution: Solution, on: dt.date) -> Inputs:
    """Everything the rule looks at, with businesses and people as numbers: the rule only asks which are the same."""
    end = _end_of(on)
    asked_by = solution.invitations.filter(sent_at__lt=end).order_by("pk")
    smes, people, cases = _Numbers("sme"), _Numbers("person"), _Numbers("case")
    asked, told = [], []
    for row in asked_by.values_list(*_ASKED, *_TOLD, named=True):
        source, answered_at = FeedbackSource(row.source), row.report__answered_at
        sme, person, case = smes[row.kvk], people[row.email], cases[row.voucher_ref or f"reference {row.pk}"]
        answered = answered_at is not None and answered_at < end
        asked.append(
            Invited(
                sme=sme, person=person, case=case, source=source, sent_on=clock.day_of(row.sent_at), answered=answered
            )
        )
        if answered:
            told.append(
                Report(
                    sme=sme,
                    person=person,
                    case=case,
                    source=source,
                    wave=row.wave,
                    answered_on=clock.day_of(answered_at),
                    in_use_since=row.in_use_since,
                    gain=exact_gain(row.report__gain),
                    satisfaction=row.report__satisfaction,
                    test_passed=row.report__test_passed,
                    withheld=row.report__withheld_at is not None,
                )
            )
    open_concerns = solution.concerns.order_by().filter(
        Q(resolved_at__isnull=True) | Q(resolved_at__gte=end), raised_at__lt=end
    )
    kinds = Counter(open_concerns.values_list("kind", flat=True))
    decided = solution.concerns.filter(
        Q(lifted_at__isnull=True) | Q(lifted_at__gte=end), kind=ConcernKind.INTEGRITY, upheld=True, resolved_at__lt=end
    )
    benefit, until = _category_and_vetting(solution)
    return Inputs(
        on=on,
        benefit=Benefit(benefit),
        reports=tuple(told),
        invited=tuple(asked),
        # A suspended provider is hidden, which is not for this rule to judge.
        vetting_valid=bool(solution.valid_until and until and solution.valid_until >= on and until >= on),
        open_flags=kinds[ConcernKind.INTEGRITY],
        open_complaints=kinds[ConcernKind.COMPLAINT],
        integrity_decisions=decided.count(),
    )


_ASKED = ("pk", "source", "kvk", "email", "voucher_ref", "wave", "sent_at", "in_use_since")
_TOLD = tuple(f"report__{name}" for name in ("answered_at", "gain", "satisfaction", "test_passed", "withheld_at"))


def _category_and_vetting(solution: Solution) -> tuple[str, dt.date | None]:
    """What the category asks, and until when the vetting of the provider counts."""
    return Solution.objects.values_list("category__benefit", "provider__valid_until").get(pk=solution.pk)


class _Numbers(dict):
    """Gives every new value the next number: `sme-1`, `sme-2`. Equal values get equal numbers, and nothing else shows."""

    def __init__(self, kind: str):
        super().__init__()
        self.kind = kind

    def __missing__(self, value: str) -> str:
        self[value] = f"{self.kind}-{len(self) + 1}"
        return self[value]


def _end_of(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on + dt.timedelta(days=1), dt.time.min, tzinfo=clock.AMSTERDAM)


def _past(solution: Solution, on: dt.date) -> list[PastRun]:
    """The latest run without grounds and the first run with grounds after it, newest first, however many runs there were."""
    runs = solution.standing_runs.filter(on__lte=on)
    good = runs.filter(losing=False).order_by("-on", "-pk").only("on").first()
    losing = runs.filter(losing=True)
    if good:
        losing = losing.filter(Q(on__gt=good.on) | Q(on=good.on, pk__gt=good.pk))
    first = losing.order_by("on", "pk").only("on").first()
    return [PastRun(run.on, losing=run is first) for run in (first, good) if run]


def _notice(solution: Solution) -> Notice | None:
    if solution.state != SolutionState.ON_NOTICE:
        return None
    return Notice(codes=frozenset(ground["code"] for ground in solution.notice_grounds), until=solution.notice_until)


def _keep(
    solution: Solution,
    on: dt.date,
    rules: RuleSet,
    inputs: Inputs,
    judgement: Judgement,
    state: SolutionState,
    move: Move,
) -> StandingRun:
    frozen = inputs.as_json()
    return StandingRun.objects.create(
        solution=solution,
        on=on,
        made_at=clock.now(),
        rule_code=rules.code,
        rule_version=rules.version,
        rule=rules.as_json(),
        inputs=frozen,
        inputs_sha256=content_hash(frozen),
        outcome=judgement.as_json(),
        passes=judgement.passes,
        losing=bool(judgement.grounds),
        state_before=state,
        move=move.move,
    )


def _shown(solution: Solution) -> StandingRun | None:
    """The run whose figures are shown: the last one of before this month. When that has none, the first one of this month
    that rests on enough businesses, because then there is no earlier figure to compare it with.

    So figures change at most once a month, never on the day of an answer, and two days tell nobody who answered what
    (DESIGN 4.16, ADR 0029).
    """
    month, runs = clock.today().replace(day=1), solution.standing_runs.order_by("on", "pk")
    before = runs.filter(on__lt=month).last()
    if before and has_figures(before.outcome, before.rule):
        return before
    return runs.filter(on__gte=month, outcome__enough=True).first() or before or runs.first()


def _act(by: Any, solution: Solution, on: dt.date, move: Move) -> Solution:
    grounds = plain(list(move.grounds))
    match move.move:
        case StandingMove.PREFER:
            return perform(solution, "prefer", by=by, facts={"on": on}, at=clock.now())
        case StandingMove.WARN:
            return perform(solution, "warn", by=by, on=on, until=move.bites_on, grounds=grounds)
        case StandingMove.RESTORE:
            return perform(solution, "restore", by=by, facts={"on": on})
        case StandingMove.DROP:
            return perform(solution, "drop", by=by, facts={"on": on, "grounds": grounds})
    return solution


def _one_of_others(concern: Concern, by: Any) -> Concern:
    """The concern, locked. Raises Refused for the person who raised it."""
    concern = Concern.objects.select_for_update(of=("self",)).get(pk=concern.pk)
    if concern.raised_by_id == by.pk:
        raise Refused(Reason(ConcernReason.OWN))
    return concern


def _about(concern: Concern) -> dict[str, Any]:
    """The concern a decision is about, as the letter names it; who raised it and in which words stays inside."""
    return {"concern": concern.pk, "concern_kind": concern.kind, "concern_raised_on": clock.day_of(concern.raised_at)}


def _decide(
    by: Any, solution: Solution, grounds: Iterable[Reason], rules: RuleSet, inputs: dict[str, Any], *, text: str = ""
) -> VettingDecision:
    """Leaving the preferred list is a decision one can object to, also when the machine ran the rule."""
    return new_decision(
        by=by,
        provider=solution.provider,
        solution=solution,
        kind=VettingDecisionKind.DROP,
        text=text,
        reasons=grounds,
        inputs={"solution": solution.reference(), **inputs},
        version=f"{rules.code} {rules.version}",
    )


def _refuse_without(text: str) -> None:
    if not text.strip():
        raise Refused(Reason(CatalogueReason.TEXT_NEEDED))
