"""How the pages of allauth behave where its own ways would tell a stranger something."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import make_password


class NoHints(DefaultAccountAdapter):
    """Signing up takes as long with a known address as with a new one, so that nobody learns who has an account."""

    def send_account_already_exists_mail(self, email: str) -> None:
        """Does the slow part of making an account, a password's hash, before telling the owner of the address."""
        make_password(email)
        super().send_account_already_exists_mail(email)
