"""`manage.py send_feedback_invitations`: asks end users of paid vouchers what it brought, when their time has come."""

from typing import Any

from django.core.management.base import BaseCommand

from vouchers.services.end_users import send_feedback_invitations


class Command(BaseCommand):
    help = "Sends the personal links that are due today: 30 days, 3, 6 and 12 months after delivery."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"sent {send_feedback_invitations()}")
