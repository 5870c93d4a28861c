"""Money that comes free reaches who waits: a lapse and a lower determination at once, everything else by the sweep."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.enums import Role
from core import clock
from core.money import ZERO
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.factories.claims import advised_claim, announced, case, paid_claim
from tests.moments import later
from vouchers import services
from vouchers.enums import ApplicationState, ClaimState, DecisionKind, LowerGround, ReclaimGround, VoucherState
from vouchers.models import Application, Claim, Programme
from vouchers.services.sweep import sweep_terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]
D = Decimal


@pytest.fixture
def full():
    """A fund of 8,000 euros that one voucher takes whole."""
    return case(programme=make.programme_with("8000.00"))


def waits(them, net: str = "10000.00") -> Application:
    """A newcomer for whom there is no money."""
    found = make.submitted_application(them.voucher.application.programme, net=net)
    assert (found.state, found.held) == (ApplicationState.WAITING_LIST, ZERO)
    return found


def held(application) -> Decimal:
    return Application.objects.get(pk=application.pk).held


def lowered(them, claim, amount: str) -> Claim:
    """Determined at `amount`, after a notice that was answered."""
    announced(them, claim, DecisionKind.DETERMINATION, LowerGround.NOT_DONE, amount=amount)
    how = {"amount": D(amount), "ground": LowerGround.NOT_DONE, "explanation": "Niet alles is geleverd."}
    return services.determine(by=them.decider, claim=claim, **how)


def test_the_night_that_a_voucher_lapses_its_money_is_set_aside_for_who_waits(full):
    newcomer = waits(full)
    with later(80):
        assert sweep_terms().last_calls == 1
        assert held(newcomer) == ZERO
    with later(120):
        done = sweep_terms()
    assert (done.lapsed, done.served) == (1, 0)  # the lapse itself passed it on
    assert full.again().state == VoucherState.LAPSED
    assert held(newcomer) == D("8000.00")
    assert services.differences() == []


def test_what_a_lower_determination_leaves_is_set_aside_at_once(full):
    newcomer = waits(full, net="2500.00")
    claim = lowered(full, advised_claim(full), "6000.00")
    assert claim.determined_amount == D("6000.00")
    assert held(newcomer) == D("2000.00")
    assert sweep_terms().served == 0
    assert services.differences() == []


def test_what_was_paid_back_reaches_who_waits_the_next_night(full):
    claim = paid_claim(full)
    newcomer = waits(full, net="2500.00")
    lower = {"amount": D("6000.00"), "ground": LowerGround.NOT_DONE}
    claim = services.revise_claim(by=official(Role.DECIDER), claim=claim, why="Minder.", **lower)
    claim = lowered(full, claim, "6000.00")
    assert (claim.state, held(newcomer)) == (ClaimState.CLOSED, ZERO)
    announced(full, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="2000.00")
    ask = {"amount": D("2000.00"), "ground": ReclaimGround.REVISED, "explanation": "De vaststelling is lager."}
    reclaim = services.decide_reclaim(by=full.decider, claim=claim, **ask)
    services.notify_reclaim(by=full.payer, reclaim=reclaim)
    services.receive_back(by=full.payer, reclaim=reclaim, received_on=clock.today())
    assert sweep_terms().served == 1
    assert held(newcomer) == D("2000.00")
    assert sweep_terms().served == 0
    assert services.differences() == []


def test_a_raised_ceiling_serves_in_order_of_rank_the_next_night(full, django_capture_on_commit_callbacks, mailoutbox):
    first, second, third = waits(full), waits(full), waits(full, net="1000.00")
    programme = full.voucher.application.programme
    services.set_ceiling(by=official(Role.MANAGER), programme=programme, ceiling=D("17000.00"))
    out = StringIO()
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("sweep_terms", stdout=out)
    assert out.getvalue().strip().endswith("served 1")
    # 1,000 euros are left: not enough for the second, and the third is not let past.
    assert (held(first), held(second), held(third)) == (D("8000.00"), ZERO, ZERO)
    assert [mail.to for mail in mailoutbox] == [[first.created_by.email]]
    services.take_up(by=official(Role.ASSESSOR), application=first)
    assert services.differences() == []


def test_a_programme_that_closed_gives_nothing_more_out(full):
    newcomer = waits(full)
    programme = full.voucher.application.programme
    Programme.objects.filter(pk=programme.pk).update(closes_on=clock.today())
    services.set_ceiling(by=official(Role.MANAGER), programme=programme, ceiling=D("17000.00"))
    with later(1):
        assert sweep_terms().served == 0
        assert held(newcomer) == ZERO
    assert sweep_terms().served == 1  # its last day is a day


def test_a_step_that_somebody_else_did_does_not_stop_the_sweep(full, monkeypatch):
    """Two machines sweep at once: whoever comes second finds the claim released and goes on."""
    claim = services.determine(by=full.decider, claim=advised_claim(full))
    services.withhold_claim(by=full.decider, claim=claim, why="Onderzoek")
    programme = full.voucher.application.programme
    newcomer = waits(full)
    services.set_ceiling(by=official(Role.MANAGER), programme=programme, ceiling=D("16000.00"))
    from vouchers.services import sweep

    release = sweep.release_claim

    def twice(**asked):
        release(**asked)
        release(**asked)

    monkeypatch.setattr(sweep, "release_claim", twice)
    with later(100):
        done = sweep_terms()
        assert Claim.objects.get(pk=claim.pk).state == ClaimState.DETERMINED
    assert (done.released, done.served) == (0, 1)
    assert held(newcomer) == D("8000.00")
