"""Decisions on vouchers and claims, written down once: what, on which grounds, by which rules, on which inputs (DESIGN 3)."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from accounts.models import User
from core import clock
from core.canonical import plain
from core.reasons import Reason
from core.state import StatefulModel
from vouchers.enums import DecisionKind
from vouchers.models import Decision
from vouchers.rules.amount import ArithmeticRow
from vouchers.rules.claim import RULES_VERSION
from vouchers.services import budget


def write_decision(
    *,
    kind: DecisionKind,
    subject: StatefulModel,
    by: Any,
    amount: Decimal,
    legal_ground: str,
    objection_until: datetime.date,
    inputs: Mapping[str, Any],
    arithmetic: Sequence[ArithmeticRow] = (),
    reasons: Sequence[Reason] = (),
    explanation: str = "",
    assessed_by: User | None = None,
) -> Decision:
    """Writes the decision about a voucher or a claim; called within the unit of the act, after the budget was locked.

    A machine's decision has no `decided_by`. `remaining_ceiling` is what the budget has left at this moment (Awb 4:25).
    """
    application = budget.application_of(subject)
    decision = Decision(
        kind=kind,
        application=application,
        subject=subject.reference(),
        decided_at=clock.now(),
        decided_by=by if isinstance(by, User) else None,
        assessed_by=assessed_by,
        rule_set=application.rule_set,
        rules_version=f"{application.rule_set.name} {RULES_VERSION}",
        reasons=[reason.as_json() for reason in reasons],
        legal_ground=legal_ground,
        explanation=explanation,
        inputs=plain(dict(inputs)),
        amounts={"arithmetic": [row.as_json() for row in arithmetic]},
        amount=amount,
        remaining_ceiling=budget.left_in(budget.budgets_of(application)),
        objection_until=objection_until,
    )
    decision.content_hash = decision.fingerprint()
    decision.save(force_insert=True)
    return decision
