"""Decisions as they are kept: with grounds, reasons, the rules and inputs they rest on, and the term to object (DESIGN 3)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from core import clock
from core.canonical import content_hash, plain
from core.reasons import Reason
from core.terms import add_weeks, shift_to_workday
from providers.enums import VettingDecisionKind
from providers.models import Dossier, Provider, Solution, VettingDecision
from providers.rules.rulesets import VettingRules, vetting_rules


def new_decision(
    *,
    by: Any,
    provider: Provider,
    kind: VettingDecisionKind,
    text: str,
    inputs: dict[str, Any],
    dossier: Dossier | None = None,
    solution: Solution | None = None,
    grounds: Iterable[str] = (),
    reasons: Iterable[Reason] = (),
    urgent: str = "",
    rules: VettingRules | None = None,
    version: str = "",
    on_trial: bool = False,
    valid_until: dt.date | None = None,
) -> VettingDecision:
    """Keeps a decision with all it was judged on; the term to object is six weeks (Awb 6:7).

    `rules` are those of the dossier; without one, those of today. `version` names the rule it was judged by when that is not a rule of vetting, such as the rule of the preferred list.
    """
    rules = rules or vetting_rules(clock.today())
    return VettingDecision.objects.create(
        provider=provider,
        dossier=dossier,
        solution=solution,
        kind=kind,
        grounds=list(grounds),
        reasons=[reason.as_json() for reason in reasons],
        text=text,
        urgent=urgent,
        rules_version=version or rules.version,
        inputs=plain(inputs),
        inputs_sha256=content_hash(inputs),
        decided_by_id=by.pk,
        decided_at=clock.now(),
        objection_until=shift_to_workday(add_weeks(clock.today(), rules.objection_weeks)),
        on_trial=on_trial,
        valid_until=valid_until,
    )
