"""`manage.py set_up_authority NAME [--desk NAME]`: the public body that runs the scheme, once per installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import OrganisationKind
from accounts.models import Organisation
from accounts.services import set_up_organisation
from core.actors import SystemActor


class Command(BaseCommand):
    """Running it again changes nothing: what is there already keeps its name."""

    help = "Set up the public body that runs the scheme, and a first-line desk if asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the name of the public body, as in the trade register")
        parser.add_argument("--desk", metavar="NAME", help="also the first-line desk that advisers belong to")

    def handle(self, *args: Any, **options: Any) -> None:
        self._set_up(OrganisationKind.AUTHORITY, options["name"])
        if options["desk"] is not None:
            self._set_up(OrganisationKind.DESK, options["desk"])

    def _set_up(self, kind: OrganisationKind, name: str) -> None:
        there = Organisation.objects.filter(kind=kind).order_by("pk").first()
        if there:
            self.stdout.write(f"{kind}: {there.legal_name} was there already; nothing changed")
            return
        try:
            made = set_up_organisation(by=SystemActor("set_up_authority"), kind=kind, legal_name=name.strip())
        except ValidationError as wrong:
            raise CommandError(f"{kind}: {'; '.join(wrong.messages)}") from wrong
        self.stdout.write(f"{kind}: {made.legal_name} is set up")
