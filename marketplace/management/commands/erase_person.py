"""`manage.py erase_person EMAIL`: makes a person unknown who asked for it, as far as the law does not keep who acted."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max

from accounts.models import User
from accounts.services import erase_person
from core.actors import SystemActor
from core.reasons import Refused
from vouchers.models import RuleSet

KEEP_YEARS = RuleSet._meta.get_field("keep_years").default
"""For an installation without a programme: what a programme keeps its files unless it says otherwise."""


class Command(BaseCommand):
    """Cannot be undone. It stands here because how long files are kept is a number of the programmes, the longest of them."""

    help = "Make a person unknown: name, address, ways to log in and personal detail in the trail. Cannot be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address the person logs in with")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            raise CommandError(f"nobody logs in with {email!r}")
        keep_years = RuleSet.objects.aggregate(longest=Max("keep_years"))["longest"] or KEEP_YEARS
        try:
            erase_person(by=SystemActor("erase_person"), person=person, keep_years=keep_years)
        except Refused as refused:
            raise CommandError(" ".join(str(reason) for reason in refused.reasons)) from refused
        self.stdout.write(f"user:{person.pk} is unknown from now on; the trail and its chain stay as they were")
