"""Eight awards at once of two programmes, for one solution on trial with three vouchers left (RELIABILITY invariant 2).

    python -m tests.run vouchers.race_trials '{"guarded": true}'

Run by `test_trial.py` on a scratch database. Without the guard everybody believes the count of before the race. Prints one
JSON object: what every process got, and what the database holds afterwards.
"""

import json
from decimal import Decimal
from typing import Any

from accounts.enums import Role
from core import clock
from providers.models import Solution
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.races import at_once
from vouchers import services
from vouchers.models import Voucher
from vouchers.services import facts, trial

CASES, LIMIT = 8, 3
NET = Decimal("10000.00")


def main(guarded: bool) -> None:
    programmes = [make.programme_with(), make.programme_with(code="tweede-trede", prefix="TT")]
    package = make.PackageFactory()
    until = clock.today().replace(year=clock.today().year + 1)
    Solution.objects.filter(pk=package.solution_id).update(on_trial=True, trial_until=until, trial_vouchers=LIMIT)
    assessor = official(Role.ASSESSOR)
    cases = [_advised(programmes[number % 2], number, assessor, package) for number in range(CASES)]
    deciders = [official(Role.DECIDER) for _case in cases]
    if not guarded:
        counted = trial.vouchers_left([Solution.objects.get(pk=package.solution_id)])
        facts.vouchers_left = lambda _solutions: dict(counted)
    got = at_once(
        *[
            lambda by=by, case=case: services.award(by=by, application=case)
            for by, case in zip(deciders, cases, strict=True)
        ]
    )
    told: dict[str, Any] = {
        "got": got,
        "limit": LIMIT,
        "vouchers": Voucher.objects.filter(solution=package.solution).count(),
    }
    print(json.dumps({**told, "differences": services.differences()}))


def _advised(programme: Any, number: int, assessor: Any, package: Any) -> Any:
    application = make.AdvisedApplicationFactory(
        programme=programme,
        rule_set=programme.rule_sets.get(),
        created_by=assessor,
        advised_by=assessor,
        arrival=number + 1,
        number=f"{programme.prefix}-2026-{number + 1:06d}",
        organisation__legal_name=f"Voorbeeldbedrijf {number + 1} B.V.",
    )
    return make.AdvisedApplicationFactory.bind(application, package, NET)
