"""Who works with the demo: the officials, the adviser, and a member for every business."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from accounts.services import grant_role, set_up_organisation
from core.actors import SystemActor
from marketplace.demo.accounts import PASSWORD, address
from marketplace.demo.days import Days
from marketplace.demo.made_up import person_name

LOADER = SystemActor("demo")

OFFICIALS = [
    ("assessor", "Aukje Toetser", Role.ASSESSOR),
    ("assessor2", "Bram Toetser", Role.ASSESSOR),
    ("assessor3", "Cor Toetser", Role.ASSESSOR),
    ("decider", "Dieuwke Beslisser", Role.DECIDER),
    ("decider2", "Egbert Beslisser", Role.DECIDER, Role.ASSESSOR),
    ("decider3", "Froukje Beslisser", Role.DECIDER),
    ("treasurer", "Gosse Betaler", Role.TREASURER),
    ("approver", "Hinke Vrijgever", Role.APPROVER),
    ("manager", "Ids Beheerder", Role.MANAGER),
    ("manager2", "Jikke Beheerder", Role.MANAGER),
    ("auditor", "Koert Controleur", Role.AUDITOR),
]
"""Name of the account, name of the person, roles. There are several assessors and deciders, because nobody has two roles on one
file and nobody assesses both an application and a claim under it; the second decider can assess too."""

ADVISER = ("adviser", "Lysbeth Loket")


class Cast:
    """Everybody of the demo, by the name in front of `@demo.example`."""

    def __init__(self, days: Days):
        self.days = days
        self.password = make_password(PASSWORD)  # one hash for all: hashing is slow on purpose
        self._people: dict[str, User] = {}

    def __getitem__(self, name: str) -> User:
        return self._people[name]

    def person(self, name: str, shown: str = "") -> User:
        """The person with this account, made when nobody has asked for them yet."""
        if name not in self._people:
            user = User(email=address(name), name=shown or person_name(len(self._people)), password=self.password)
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            self._people[name] = user
        return self._people[name]

    def set_up(self) -> None:
        """The authority with its officials, and the first-line desk with its adviser."""
        authority = self._house(OrganisationKind.AUTHORITY, "Demo Regiefonds (demo)", "Demo Regiefonds")
        desk = self._house(OrganisationKind.DESK, "Demo Ondernemersloket (demo)", "Demo Ondernemersloket")
        for name, shown, *roles in OFFICIALS:
            for role in roles:
                grant_role(by=LOADER, person=self.person(name, shown), organisation=authority, role=role)
        grant_role(by=LOADER, person=self.person(*ADVISER), organisation=desk, role=Role.ADVISER)

    def _house(self, kind: OrganisationKind, legal_name: str, trade_name: str) -> Organisation:
        return set_up_organisation(by=LOADER, kind=kind, legal_name=legal_name, trade_name=trade_name, city="Groningen")
