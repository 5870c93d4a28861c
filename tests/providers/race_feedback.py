"""Run by test_feedback_races in a process of its own, on a database that really commits: several people at the same moment.

`unguarded` is the positive control: nobody locks or reads again what was read before the start. It lives here, in the tests:
the product has no such switch.
"""

import copy
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

from django.db import IntegrityError, connection
from django.db.models import Model

from core import workflow
from core.reasons import Refused
from core.state import StatefulModel
from providers import services
from providers.enums import StandingMove
from providers.models import FeedbackInvitation, FeedbackReport, StandingRun
from providers.services import feedback, standing
from providers.services.feedback import LinkGone
from tests.factories.accounts import member_of
from tests.factories.catalogue import InvitationFactory, SolutionFactory, answered, customer

ANSWER = {"times_per_week": Decimal(5), "minutes_before": Decimal(24), "minutes_after": Decimal(20), "satisfaction": 4}


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Does everything at the same moment, each on a connection of its own; what became of each."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        try:
            barrier.wait()
            act()
        except LinkGone as gone:
            return gone.reason.code.value
        except Refused as refused:
            return refused.reasons[0].code.value
        except IntegrityError:
            return "IntegrityError"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


LOOKS = 0.3  # seconds between answering and counting, so that the others answer meanwhile on a slow machine too


def without_lock() -> None:
    """The one door believes what its caller read earlier, locks nothing, and saves whatever the state has become since."""
    workflow._lock = lambda subject, _verb, _by: (copy.deepcopy(subject), [])
    StatefulModel._do_update = Model._do_update


def _take_the_guard_off(tokens: list[str]) -> None:
    seen = {token: feedback.open_invitation(token) for token in tokens}
    gather = standing.gather_inputs

    def gather_late(*given):
        time.sleep(LOOKS)
        return gather(*given)

    without_lock()
    feedback._opened = lambda _invitations, token: copy.deepcopy(seen[token])
    feedback._locked = lambda invitation: invitation
    standing.gather_inputs = gather_late


def main(unguarded: bool = False) -> None:
    """Prints what happened as one line of JSON."""
    one_link = SolutionFactory(listed=True)
    for _n in range(4):
        answered(one_link, 20)
    InvitationFactory(solution=one_link, token="same")
    many_links = SolutionFactory(listed=True)
    tokens = [f"own-{n}" for n in range(6)]
    for token in tokens:
        InvitationFactory(solution=many_links, token=token)
    naming = SolutionFactory()
    member, named = member_of(naming.provider.organisation), customer()
    if unguarded:
        _take_the_guard_off(["same", *tokens])

    same_link = at_once([lambda: services.answer_feedback(token="same", answers=ANSWER)] * 6)

    own_links = at_once([lambda token=token: services.answer_feedback(token=token, answers=ANSWER) for token in tokens])

    same_customer = at_once([lambda: services.invite_reference(by=member, solution=naming, **named)] * 4)

    result = {
        "same_link": same_link,
        "same_link_reports": FeedbackReport.objects.filter(invitation__solution=one_link).count(),
        "own_links": own_links,
        "own_links_preferred": StandingRun.objects.filter(solution=many_links, move=StandingMove.PREFER).count(),
        "own_links_counted": StandingRun.objects.filter(solution=many_links).order_by("-pk")[0].outcome["smes"],
        "same_customer": same_customer,
        "same_customer_invitations": FeedbackInvitation.objects.filter(solution=naming).count(),
    }
    print(json.dumps(result))
