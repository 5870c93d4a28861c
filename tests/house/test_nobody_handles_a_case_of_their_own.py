"""Who belongs to a party of a case touches nothing of it as an official, by no verb of any machine (DESIGN 4.8).

The verbs come from the code: the arrows of each machine, and every name that its `may` knows. A new one is in by itself.
"""

import ast
import inspect
import sys
import textwrap
from typing import Any

import pytest
from django.apps import apps

from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from accounts.services import declare_interest
from core import clock, hands
from core.actors import SystemActor
from core.reasons import CoreReason, Refused
from core.state import StatefulModel, transitions_of
from core.workflow import NotAuthorised, perform, record, unit
from payouts.models import Batch, InboxEvent, Payout
from providers.enums import DossierKind
from providers.models import Dossier, Provider, Solution
from tests.factories.accounts import MembershipFactory, OrganisationFactory, official
from tests.factories.payouts import payable_claim, payout_of, prepared
from tests.factories.vouchers import programme_with
from vouchers import services
from vouchers.enums import ReclaimGround
from vouchers.models import Application, Claim, Objection, Reclaim, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WITH_PARTIES = (Application, Voucher, Claim, Reclaim, Objection, Payout, Dossier, Provider, Solution)
OF_NOBODY = {Batch, InboxEvent}
"""A batch and a message from the bank belong to no party: their payments do."""

VETTED = (Dossier, Provider, Solution)
PARTIES = [("provider", model) for model in WITH_PARTIES] + [
    ("sme", model) for model in WITH_PARTIES if model not in VETTED
]
"""What a provider has vetted is no case of one of its customers."""

OFFICIALS = (Role.ASSESSOR, Role.DECIDER, Role.TREASURER, Role.APPROVER, Role.MANAGER, Role.ADVISER, Role.AUDITOR)


def verbs_of(model: type[StatefulModel]) -> set[str]:
    """Every verb of a machine, and everything else that `may` has a name for: what it does not name, nobody may."""
    module = sys.modules[model.__module__]
    verbs = {verb for _source, verb, _target in transitions_of(model)}
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(model.may)))):
        match node:
            case ast.Constant(value=str(verb)):
                verbs.add(verb)
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name.endswith("_VERBS"):
                verbs |= set(getattr(model, name))
            case ast.Name(id=name) if name.endswith("_VERBS"):
                verbs |= set(getattr(module, name))
    return verbs


def everybody_at_the_authority() -> User:
    """Somebody with every role at the authority, and so with every official's verb."""
    return official(*OFFICIALS)


@pytest.fixture
def subjects() -> dict[type, StatefulModel]:
    """One case with a row of every kind in it."""
    programme = programme_with()
    claim = payable_claim(programme)
    prepared(programme, claim)
    application, voucher = claim.voucher.application, claim.voucher
    decision = application.decisions.get(kind="award")
    objection = services.file_objection(by=application.created_by, decision=decision, text="Het is te weinig.")
    reclaim = Reclaim.objects.create(
        claim=claim,
        amount=claim.determined_amount,
        ground=ReclaimGround.PAID_WRONG,
        explanation="x",
        decided_at=clock.now(),
    )
    dossier = Dossier.objects.create(provider=voucher.provider, kind=DossierKind.RENEWAL, started_at=clock.now())
    rows = (application, voucher, claim, reclaim, objection, payout_of(claim), dossier, voucher.provider)
    return {type(row): row for row in (*rows, voucher.solution)}


def member(party: Organisation, person: User) -> None:
    MembershipFactory(organisation=party, person=person)


def namesake(party: Organisation, person: User) -> None:
    other = OrganisationKind.PROVIDER if party.kind == OrganisationKind.SME else OrganisationKind.SME
    MembershipFactory(organisation=OrganisationFactory(kind=other, kvk=party.kvk), person=person)


def declared_interest(party: Organisation, person: User) -> None:
    declare_interest(by=person, organisation=party, why="Mijn zus is eigenaar.")


def what_stops(subject: StatefulModel, verb: str, by: User) -> Any:
    """The first thing this person hears when doing this verb, by the door that it goes through."""
    door = perform if verb in {name for _source, name, _target in transitions_of(type(subject))} else record
    try:
        unit(door)(subject, verb, by=by)
    except NotAuthorised:
        return NotAuthorised
    except Refused as refused:
        return refused.reasons[0].code
    return None


def test_every_machine_says_who_its_parties_are():
    machines = {model for model in apps.get_models() if issubclass(model, StatefulModel)}
    product = {model for model in machines if not model.__module__.startswith("tests.")}
    assert product == {*WITH_PARTIES, *OF_NOBODY}
    assert all(model.is_linked is not StatefulModel.is_linked for model in WITH_PARTIES)


@pytest.mark.parametrize("model", WITH_PARTIES, ids=lambda model: model.__name__)
def test_what_the_parties_do_themselves_is_for_no_official(subjects, model):
    outsider = everybody_at_the_authority()
    assert set(model.MEMBER_VERBS) <= verbs_of(model)
    assert [verb for verb in sorted(model.MEMBER_VERBS) if subjects[model].may(verb, outsider)] == []
    assert not set(model.HANDS) & set(model.MEMBER_VERBS)


@pytest.mark.parametrize("tie", [member, namesake, declared_interest], ids=lambda tie: tie.__name__)
@pytest.mark.parametrize(("party", "model"), PARTIES, ids=lambda value: getattr(value, "__name__", value))
def test_who_belongs_to_a_party_touches_nothing(subjects, model, party, tie):
    subject, voucher = subjects[model], subjects[Voucher]
    outsider, linked = everybody_at_the_authority(), everybody_at_the_authority()
    tie(voucher.sme if party == "sme" else voucher.provider.organisation, linked)
    official_verbs = {verb for verb in verbs_of(model) if subject.may(verb, outsider)}
    assert official_verbs
    assert hands.linked(subject, outsider) == []
    stops = {verb: what_stops(subject, verb, linked) for verb in official_verbs}
    if model is Solution:  # its pages ask the same, and show no button
        assert stops.pop("invite_user") == (NotAuthorised if tie is member else CoreReason.LINKED)
        assert stops == dict.fromkeys(stops, NotAuthorised)
    else:
        assert stops == dict.fromkeys(stops, CoreReason.LINKED)


def test_a_machine_belongs_to_nobody(subjects):
    assert [hands.linked(subject, SystemActor("payouts")) for subject in subjects.values()] == [[]] * len(subjects)


def test_a_member_with_a_role_still_does_what_is_a_members(subjects):
    own = subjects[Application].created_by
    MembershipFactory(
        organisation=official(Role.ASSESSOR).memberships.get().organisation, person=own, role=Role.DECIDER
    )
    own = User.objects.get(pk=own.pk)
    objection = services.withdraw_objection(by=own, objection=subjects[Objection])
    assert objection.state == "withdrawn"
