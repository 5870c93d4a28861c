"""Decisions, written down once: what, on which grounds, by which version of the rules, on which inputs (DESIGN 3)."""

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
from vouchers.models import Decision, Objection
from vouchers.rules.amount import ArithmeticRow
from vouchers.rules.claim import RULES_VERSION
from vouchers.services import budget


def write_decision(
    *,
    kind: DecisionKind,
    subject: StatefulModel,
    by: Any,
    amount: Decimal | None,
    legal_ground: str,
    objection_until: datetime.date,
    inputs: Mapping[str, Any],
    arithmetic: Sequence[ArithmeticRow] = (),
    reasons: Sequence[Reason] = (),
    explanation: str = "",
    assessed_by: User | None = None,
    amounts: Mapping[str, Any] | None = None,
    remaining: Decimal | None = None,
    code_version: str = RULES_VERSION,
) -> Decision:
    """Writes the decision about an application, voucher, claim or objection.

    Called within the unit of the act, after the budget was locked.

    A machine's decision has no `decided_by`. `remaining` is what the budget had left when it was decided (Awb 4:25): at this
    moment, unless the act has moved it since. `amounts` is what came out where that is more than the `arithmetic`, and
    `code_version` the version of the code that reckoned it, next to that of the programme's numbers.
    """
    application = subject.decision.application if isinstance(subject, Objection) else budget.application_of(subject)
    if remaining is None:
        remaining = budget.left_in(budget.budgets_of(application))
    decision = Decision(
        kind=kind,
        application=application,
        subject=subject.reference(),
        decided_at=clock.now(),
        decided_by=by if isinstance(by, User) else None,
        assessed_by=assessed_by,
        rule_set=application.rule_set,
        rules_version=f"{application.rule_set.name}.{code_version}",
        reasons=[reason.as_json() for reason in reasons],
        legal_ground=legal_ground,
        explanation=explanation.strip(),
        inputs=plain(dict(inputs)),
        amounts={"arithmetic": [row.as_json() for row in arithmetic]} if amounts is None else dict(amounts),
        amount=amount,
        remaining_ceiling=remaining,
        objection_until=objection_until,
    )
    decision.content_hash = decision.fingerprint()
    decision.save(force_insert=True)
    return decision
