"""`manage.py grant_role EMAIL ROLE [--revoke]`: makes somebody an official or adviser, or ends that (DESIGN 1).

Roles decide about public money, so no page gives them: only who runs the installation does, and the trail says so.
"""

from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import KINDS_OF_ROLE, Role
from accounts.models import Membership, Organisation, User
from accounts.services import grant_role, withdraw_role
from core.actors import SystemActor

OFFICIAL = [role for role in Role if role != Role.MEMBER]
"""What this command gives. Members of a business come with the business itself."""


class Command(BaseCommand):
    """The person signs up first and confirms the address. Giving a role twice changes nothing."""

    help = "Give somebody a role at the authority or the desk, or end it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address the person signed up with")
        parser.add_argument("role", help=", ".join(OFFICIAL))
        parser.add_argument("--revoke", action="store_true", help="end the role instead")

    def handle(self, *args: Any, **options: Any) -> None:
        role = self._role(options["role"])
        person = self._person(options["email"])
        act = {
            "by": SystemActor("grant_role"),
            "person": person,
            "organisation": self._organisation(role),
            "role": role,
        }
        if options["revoke"]:
            try:
                withdraw_role(**act)
            except Membership.DoesNotExist as missing:
                raise CommandError(f"{person.email} does not have the role {role}") from missing
            self.stdout.write(f"{person.email} is no longer {role} at {act['organisation']}")
            return
        self._must_be_confirmed(person)
        grant_role(**act)
        self.stdout.write(f"{person.email} is {role} at {act['organisation']}")

    def _role(self, text: str) -> Role:
        if text not in OFFICIAL:
            raise CommandError(f"unknown role {text!r}; choose one of: {', '.join(OFFICIAL)}")
        return Role(text)

    def _person(self, email: str) -> User:
        person = User.objects.filter(email__iexact=email.strip()).first()
        if not person:
            raise CommandError(f"nobody has signed up with {email!r}; let the person sign up on the site first")
        return person

    def _must_be_confirmed(self, person: User) -> None:
        if not EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True).exists():
            raise CommandError(f"{person.email} has not confirmed this address yet; the link is in the letter")
        if not person.is_active:
            raise CommandError(f"{person.email} is not active")

    def _organisation(self, role: Role) -> Organisation:
        found = list(Organisation.objects.filter(kind__in=KINDS_OF_ROLE[role]).order_by("pk")[:2])
        if not found:
            raise CommandError("there is no authority or desk for this role yet; run set_up_authority first")
        if len(found) > 1:
            raise CommandError(f"there is more than one organisation with the role {role}; this command serves one")
        return found[0]
