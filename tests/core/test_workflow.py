"""The one door: who may, what is refused, what is kept, and what the trail says of it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import translation

from core import audit, clock
from core.actors import SystemActor
from core.enums import HandRole
from core.fields import money
from core.models import AuditEntry, Hand
from core.reasons import CoreReason, Reason, Refused
from core.state import TransitionNotAllowed, transitions_of
from core.workflow import NotAuthorised, as_seen, note, perform, record, unit
from tests.door.models import Door, DoorState
from tests.factories.accounts import UserFactory
from tests.refusals import codes

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = dt.date(2026, 3, 2)


@unit
def open_door(*, by, door, **more):
    return perform(door, "open", by=by, on=DAY, **more)


@unit
def lock_door(*, by, door):
    return perform(door, "lock", by=by)


@pytest.fixture
def door():
    return Door.objects.create()


def test_a_verb_changes_the_row_lays_the_hand_and_leaves_one_sentence(door):
    by = UserFactory()
    opened = open_door(by=by, door=door, facts={"amount": Decimal("12.50")})

    assert opened.state == DoorState.OPEN
    assert opened.opened_on == DAY
    assert Hand.objects.get(file=door.reference(), person=by).role == HandRole.ASSESSOR
    entry = AuditEntry.objects.get(stream=door.case())
    assert (entry.seq, entry.action, entry.actor) == (1, "open", f"user:{by.pk}")
    assert '"amount":"12.50"' in entry.body
    assert '"source":"shut"' in entry.body
    assert '"target":"open"' in entry.body


def test_a_state_cannot_be_set_by_hand(door):
    with pytest.raises(AttributeError):
        door.state = DoorState.OPEN


def test_a_row_with_a_machine_can_be_refreshed_and_checked(door):
    door.refresh_from_db()
    door.full_clean()
    assert door.state == DoorState.SHUT


def test_who_may_not_is_told_nothing_whatever_the_state(door):
    for verb in ("open", "lock"):
        with pytest.raises(NotAuthorised) as denied:
            unit(perform)(door, verb, by=SystemActor("sweep"))
        assert str(denied.value) == verb
    assert not AuditEntry.objects.exists()


def test_a_move_that_does_not_exist_is_refused_in_words(door):
    opened = open_door(by=UserFactory(), door=door)
    with pytest.raises(Refused) as refused:
        open_door(by=UserFactory(), door=opened)
    assert codes(refused) == [CoreReason.WRONG_STATE]
    with translation.override("en"):
        assert str(refused.value.reasons[0]) == "This is not possible while the status is “Open”."


def test_an_unknown_verb_is_a_mistake_of_the_programmer(door):
    with pytest.raises(LookupError):
        unit(perform)(door, "paint", by=UserFactory())


def test_every_unmet_reason_is_named_and_nothing_has_changed(door):
    by = UserFactory()
    door.owner_id = by.pk
    door.save()
    with pytest.raises(Refused) as refused:
        open_door(by=by, door=door, rule=lambda facts: [Reason(CoreReason.CHANGED), Reason(CoreReason.FILE_EMPTY)])
    assert codes(refused) == [CoreReason.LINKED, CoreReason.CHANGED, CoreReason.FILE_EMPTY]
    door.refresh_from_db()
    assert door.state == DoorState.SHUT
    assert not Hand.objects.exists()
    assert not AuditEntry.objects.exists()


def test_facts_are_gathered_from_the_locked_row(door):
    Door.objects.filter(pk=door.pk).update(behind=Decimal("9.99"))  # somebody else, after we read it
    seen = []
    open_door(by=UserFactory(), door=door, facts=lambda locked: seen.append(locked.behind) or {"behind": locked.behind})
    assert seen == [Decimal("9.99")]


def test_nobody_has_two_roles_on_one_file(door):
    by = UserFactory()
    opened = open_door(by=by, door=door)
    with pytest.raises(Refused) as refused:
        lock_door(by=by, door=opened)
    assert codes(refused) == [CoreReason.OTHER_HAND]
    assert lock_door(by=UserFactory(), door=opened).state == DoorState.LOCKED


def test_a_superuser_has_no_way_around_a_hand(door):
    by = UserFactory(is_superuser=True, is_staff=True)
    opened = open_door(by=by, door=door)
    with pytest.raises(Refused):
        lock_door(by=by, door=opened)


def test_the_database_itself_refuses_a_second_role(door):
    by = UserFactory()
    open_door(by=by, door=door)
    refusal = r"one_role_per_person_and_file|core_hand.file, core_hand.person_id"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        Hand.objects.create(file=door.file(), person=by, role=HandRole.DECIDER)


def test_the_door_opens_only_inside_a_unit(door):
    for call in (
        lambda: perform(door, "open", by=UserFactory(), on=DAY),
        lambda: record(door, "look", by=UserFactory()),
        lambda: note(by=UserFactory(), action="look", subject=door),
    ):
        with pytest.raises(RuntimeError, match="inside a unit"):
            call()


def test_a_failing_unit_keeps_nothing_not_even_its_sentences(door):
    @unit
    def half():
        perform(door, "open", by=UserFactory(), on=DAY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    door.refresh_from_db()
    assert door.state == DoorState.SHUT
    assert not AuditEntry.objects.exists()


def test_an_inner_unit_joins_the_outer_one():
    one, other = Door.objects.create(), Door.objects.create()

    @unit
    def both():
        open_door(by=UserFactory(), door=other)
        open_door(by=UserFactory(), door=one)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        both()
    assert Door.objects.filter(state=DoorState.OPEN).count() == 0


def test_record_lays_a_hand_and_leaves_a_sentence_without_a_transition(door):
    by = UserFactory()
    locked = unit(record)(door, "verdict", by=by, facts={"item": "ORG-01"}, hand=HandRole.ASSESSOR)
    assert locked.state == DoorState.SHUT
    assert AuditEntry.objects.get().action == "verdict"
    with pytest.raises(Refused):
        lock_door(by=by, door=locked)


def test_an_anonymous_visitor_may_nothing(door):
    with pytest.raises(NotAuthorised):
        open_door(by=AnonymousUser(), door=door)


def test_a_machine_calls_only_arrows_that_exist(door):
    assert transitions_of(Door) == {("shut", "open", "open"), ("open", "lock", "locked"), ("shut", "lock", "locked")}
    with pytest.raises(TransitionNotAllowed):
        Door(state=DoorState.LOCKED).open(on=DAY)


def test_money_is_exact_inside_the_database():
    Door.objects.bulk_create([Door(behind=Decimal("0.10")), Door(behind=Decimal("0.20"))])
    assert Door.objects.aggregate(total=Sum("behind"))["total"] == Decimal("0.30")
    Door.objects.update(behind=F("behind") + money(Decimal("0.01")))
    assert sorted(Door.objects.values_list("behind", flat=True)) == [Decimal("0.11"), Decimal("0.21")]
    assert Door.objects.filter(behind__gte=Decimal("0.21")).count() == 1


def test_the_clock_of_a_test_is_the_clock_of_the_trail(door):
    moment = dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=dt.UTC)  # a second before the Dutch clocks go forward
    with clock.fixed(moment):
        open_door(by=UserFactory(), door=door)
    assert AuditEntry.objects.get().at == moment


def test_who_looked_before_somebody_else_acted_decides_nothing(door):
    before = audit.version(door.case())
    with as_seen(door.case(), before):
        opened = open_door(by=UserFactory(), door=door)
        with pytest.raises(Refused) as refused:
            lock_door(by=UserFactory(), door=opened)
        with pytest.raises(Refused):
            unit(record)(opened, "lock", by=UserFactory())
        assert open_door(by=UserFactory(), door=Door.objects.create()).state == DoorState.OPEN, "another case"
    assert codes(refused) == [CoreReason.CHANGED]
    assert Door.objects.get(pk=door.pk).state == DoorState.OPEN
    with as_seen(door.case(), audit.version(door.case())):
        assert lock_door(by=UserFactory(), door=opened).state == DoorState.LOCKED
    assert audit.version("door.door:0") == 0
