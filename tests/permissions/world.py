"""One small world with an object of every sort, and a person of every kind around it.

Everything belongs to one business person and one provider person; both have a stranger of their own kind beside them. The
officials of the matrix touched nothing, so that what refuses them is their role and never a hand on a file.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from accounts.enums import OrganisationKind, Role
from accounts.models import BankAccount, Membership, User
from accounts.services import declare_interest, make_api_key
from core import clock
from core.models import AuditEntry
from payouts import services as payouts
from payouts.models import InboxEvent
from providers import services as providers
from providers.enums import ConcernKind, DossierKind
from providers.models import Evidence, VettingDecision
from roadmap.services import VISITOR, claim_scan, scan_at_once, start_scan
from roadmap.services.plan import load_ladder
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, member_of, official
from tests.factories.catalogue import InvitationFactory
from tests.factories.catalogue import PackageFactory as ListedPackageFactory
from tests.factories.catalogue import SolutionFactory as ListedSolutionFactory
from tests.factories.claims import Case, advised_claim, case, delivered, determined_claim, draft_claim, submitted_claim
from tests.factories.payouts import payout_of, prepared, released
from tests.factories.providers import ProviderFactory, good_answer, pdf, provider_member, submitted_dossier
from tests.factories.vouchers import (
    PackageFactory,
    SolutionFactory,
    advised_application,
    filled_application,
    refused,
    submitted_application,
)
from tests.permissions.acts import ACTS
from tests.permissions.kinds import Kind, refused_alike
from tests.permissions.table import CASE_READERS, ROWS
from vouchers import services as vouchers
from vouchers.enums import Advice, DecisionKind, LowerGround, RevocationGround
from vouchers.models import Application, Programme
from vouchers.reasons import RefusalGround

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
SECRET = "Geheimhouder"
"""Stands in the name of everything that only its owner and the authority may read."""

OFFICIAL_ROLES = {
    Kind.ASSESSOR: Role.ASSESSOR,
    Kind.DECIDER: Role.DECIDER,
    Kind.TREASURER: Role.TREASURER,
    Kind.APPROVER: Role.APPROVER,
    Kind.MANAGER: Role.MANAGER,
    Kind.AUDITOR: Role.AUDITOR,
}


@dataclass
class World:
    """What there is: `people` by kind, `clients` logged in as them or as several in one, `ids` by the names that the table uses."""

    people: dict[Kind, User]
    ids: SimpleNamespace = field(default_factory=SimpleNamespace)
    clients: dict[Kind | frozenset[Kind], Client] = field(default_factory=dict)
    tokens: dict[Kind, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    entries: int = 0

    @property
    def mail_file(self) -> Path:
        return Path(settings.EMAIL_FILE_PATH) / self.ids.mail

    def args(self, wanted: str) -> list[Any]:
        """The values of an address: `"voucher.number notice"` reads them from `ids`, a word with `=` stands for itself."""
        return [word[1:] if word.startswith("=") else self.value(word) for word in wanted.split()]

    def value(self, path: str) -> Any:
        found: Any = self.ids
        for name in path.split("."):
            found = getattr(found, name)
        return found


def build() -> World:
    """Builds it all. Call it within a transaction, with the clock at `NOW`."""
    call_command("load_reference", verbosity=0)
    world = World(people=_people())
    _vetting(world)
    _applications(world)
    _claims(world)
    _payouts(world)
    _scans(world)
    _small_things(world)
    for kind, person in world.people.items():
        world.clients[kind] = _logged_in(person)
        world.tokens[kind] = make_api_key(by=person)
    world.clients[Kind.ANONYMOUS] = Client()
    for group in _groups():
        world.clients[group] = _logged_in(_several_in_one(world, group))
    numbers = Application.objects.filter(number__isnull=False).values_list("number", flat=True)
    world.secrets = [SECRET, *numbers, *BankAccount.objects.values_list("iban", flat=True).distinct()]
    world.entries = AuditEntry.objects.count()
    return world


def _logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _groups() -> set[frozenset[Kind]]:
    """Everybody whom the table refuses together."""
    accesses = [access for row in ROWS for access in (row.get, row.post) if access]
    groups = {group for access in accesses for group in refused_alike(access)}
    return groups | {group for row in ACTS for group in refused_alike(row.post, CASE_READERS)}


def _several_in_one(world: World, group: frozenset[Kind]) -> User:
    """Somebody with every membership that these people have between them."""
    person = UserFactory()
    theirs = Membership.objects.filter(person__in=[world.people[kind] for kind in group])
    Membership.objects.bulk_create(
        Membership(person=person, organisation_id=organisation, role=role)
        for organisation, role in set(theirs.values_list("organisation", "role"))
    )
    return person


def _people() -> dict[Kind, User]:
    desk = OrganisationFactory(kind=OrganisationKind.DESK, legal_name="Loket Voorbeeld", kvk="")
    people = {
        Kind.SME_OWNER: UserFactory(name=f"{SECRET} Baas"),
        Kind.SME_STRANGER: member_of(OrganisationFactory(sbi="4771")),
        Kind.PROVIDER_OWNER: UserFactory(name=f"{SECRET} Maker"),
        Kind.PROVIDER_STRANGER: provider_member(ProviderFactory(admitted=True)),
        Kind.ADVISER: MembershipFactory(organisation=desk, person=UserFactory(), role=Role.ADVISER).person,
    }
    return people | {kind: official(role) for kind, role in OFFICIAL_ROLES.items()}


def _business(world: World) -> Any:
    """Another business of the owner: a business has one live application per programme."""
    business = OrganisationFactory(sbi="4771", legal_name=f"{SECRET} {len(world.ids.businesses)} B.V.")
    owner = world.people[Kind.SME_OWNER]
    MembershipFactory(organisation=business, person=owner)
    owner.refresh_from_db()  # a person remembers its memberships
    world.ids.businesses.append(business)
    return business


def _vetting(world: World) -> None:
    """The provider with an announced measure, a suspended one of the same person, dossiers, solutions, evidence."""
    ids, owner = world.ids, world.people[Kind.PROVIDER_OWNER]
    ids.provider = ProviderFactory(admitted=True, contact_name=f"{SECRET} Contact")
    ids.stopped = ProviderFactory(admitted=True, contact_name=f"{SECRET} Contact")
    for one in (ids.provider, ids.stopped):
        MembershipFactory(organisation=one.organisation, person=owner)
    assessor, decider = official(Role.ASSESSOR), official(Role.DECIDER)
    announce = {"by": assessor, "measure": "suspend", "text": "Wij willen u schorsen."}
    providers.announce_measure(provider=ids.provider, **announce)
    providers.announce_measure(provider=ids.stopped, **announce)
    providers.react(by=owner, subject=ids.stopped, text="Wij lossen het op.")
    providers.suspend_provider(by=decider, provider=ids.stopped, grounds=["complaint"], text="Klachten.")
    ids.vetting_decision = VettingDecision.objects.get(provider=ids.stopped)

    ids.solution = SolutionFactory(provider=ids.provider)
    ids.package = PackageFactory(solution=ids.solution)
    providers.announce_suspension(by=assessor, solution=ids.solution, text="Wij willen deze oplossing schorsen.")
    ids.sketch = ListedSolutionFactory(provider=ids.provider, name=f"{SECRET} schets")
    ids.sketch_package = ListedPackageFactory(solution=ids.sketch)
    ids.reference = InvitationFactory(solution=ids.solution, token="geheime-link-van-een-klant")
    ids.concern = providers.raise_concern(
        by=assessor, solution=ids.solution, kind=ConcernKind.COMPLAINT, text=f"{SECRET} klacht"
    )

    ids.renewal = providers.start_dossier(by=owner, provider=ids.provider, kind=DossierKind.RENEWAL)
    item = next(item for item in ids.renewal.items.all() if item.code == "FIN-01")
    answer = good_answer(item, ids.renewal, clock.today()) | {"uploads": [pdf()]}
    providers.answer_item(by=owner, dossier=ids.renewal, code=item.code, **answer)
    ids.evidence_of_draft = Evidence.objects.get(item__dossier=ids.renewal)
    handed_in = submitted_dossier(ids.provider, by=owner, kind=DossierKind.LISTING, solution=ids.sketch)
    taken_up = providers.take_up(by=assessor, dossier=handed_in)
    ids.listing = providers.announce_rejection(by=assessor, dossier=taken_up, text="Wij kregen een signaal.")
    ids.evidence = Evidence.objects.filter(item__dossier=ids.listing).first()


def _applications(world: World) -> None:
    """One of the owner's applications in every stage that has pages of its own."""
    ids, owner = world.ids, world.people[Kind.SME_OWNER]
    programme = ids.programme = Programme.objects.get()
    ids.businesses = []

    def given() -> dict[str, Any]:
        return {"programme": programme, "organisation": _business(world), "by": owner, "package": ids.package}

    ids.draft = filled_application(**given())
    ids.business = ids.businesses[0]
    ids.draft_line = ids.draft.lines.get()
    ids.sent = submitted_application(**given())
    ids.sent_line, ids.check = ids.sent.lines.get(), ids.sent.checks.first()
    ids.advised = advised_application(advice=Advice.REFUSE, **given())
    grounds = [RefusalGround.NOT_ELIGIBLE]
    ids.intent = vouchers.send_intent(
        by=official(Role.DECIDER), application=ids.advised, grounds=grounds, text="Wij willen afwijzen."
    )
    ids.refusal = refused(**given())
    ids.refused = ids.refusal.application
    ids.objection = vouchers.file_objection(by=owner, decision=ids.refusal, text="Ik ben het er niet mee eens.")


def _case(world: World) -> Case:
    owner = world.people[Kind.SME_OWNER]
    found = case(programme=world.ids.programme, package=world.ids.package, business=(_business(world), owner))
    found.provider_member = world.people[Kind.PROVIDER_OWNER]
    return found


def _claims(world: World) -> None:
    """Vouchers with a draft, a sent and an advised claim, each with what is open on it."""
    ids, assessor = world.ids, official(Role.ASSESSOR)
    begun = _case(world)
    delivered(begun, confirmed=False)
    ids.claim_draft = draft_claim(begun)
    ids.voucher = begun.again()
    ids.notice = vouchers.announce(
        by=assessor,
        subject=ids.voucher,
        kind=DecisionKind.REVOCATION,
        grounds=[RevocationGround.NOT_DONE],
        text="Wij willen de voucher intrekken.",
    )
    ids.claim_sent = submitted_claim(_case(world), number=f"{SECRET} F2")
    ids.claim_advised = advised_claim(_case(world), number=f"{SECRET} F3")
    vouchers.announce(
        by=assessor,
        subject=ids.claim_advised,
        kind=DecisionKind.DETERMINATION,
        grounds=[LowerGround.NOT_DONE],
        amount=Decimal("1000.00"),
        text="Wij willen minder betalen.",
    )


def _payouts(world: World) -> None:
    """A batch that waits for release, and one at the bank with a payment that two people must look at."""
    ids, treasurer = world.ids, official(Role.TREASURER)
    first = determined_claim(_case(world), number=f"{SECRET} F4")
    second = determined_claim(_case(world), number=f"{SECRET} F5")
    ids.batch, ids.claim_determined = prepared(ids.programme, first), first
    ids.batch_sent = released(ids.programme, second)
    ids.payout, ids.payout_waiting = payout_of(second), payout_of(first)
    payouts.report_trouble(by=treasurer, payout=ids.payout)
    ids.resolution = payouts.propose_resolution(
        by=treasurer, payout=ids.payout, verdict="decline", evidence="Afschrift 3"
    )
    ids.message = InboxEvent.objects.create(
        event_id="evt_1", kind="transfer.created", livemode=True, body="{}", state="quarantined", handled_at=clock.now()
    )


def _scans(world: World) -> None:
    """A saved scan, one that nobody saved, and one that stopped halfway."""
    ids, owner = world.ids, world.people[Kind.SME_OWNER]
    answers = dict.fromkeys(load_ladder(1).items, 3)
    ids.scan, ids.scan_token = scan_at_once(by=VISITOR, sector="DETAIL", answers=answers)
    ids.saved, token = scan_at_once(by=VISITOR, sector="DETAIL", answers=answers)
    claim_scan(by=owner, token=token, organisation=ids.businesses[0])
    ids.saved_token = token
    _scan, ids.open_token = start_scan(by=VISITOR, sector="DETAIL")


def _small_things(world: World) -> None:
    """A key for programs, an interest of the assessor in a business of elsewhere, and a mail as the demo keeps it."""
    key = make_api_key(by=world.people[Kind.SME_OWNER])
    world.ids.token_key = key[:15]
    elsewhere = OrganisationFactory(legal_name="Elders B.V.")
    world.ids.interest = declare_interest(by=world.people[Kind.ASSESSOR], organisation=elsewhere, why="Mijn zus.")
    world.ids.mail = "20261123-100000-1.log"
    world.mail_file.write_bytes(b"Subject: Proef\nTo: een@voorbeeld.example\n\nDag.\n" + b"-" * 79 + b"\n")
