"""The second factor: secrets encrypted at rest, and required of everybody who decides about public money."""

import base64
from collections.abc import Callable

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.enums import Role

OFFICIAL_ROLES = frozenset(Role) - {Role.MEMBER}


class EncryptedSecrets(DefaultMFAAdapter):
    """allauth keeps TOTP secrets as it gets them from here: encrypted with a key derived from SECRET_KEY and its fallbacks."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [
        salted_hmac("accounts.second_factor", "key", secret=secret, algorithm="sha256").digest() for secret in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


class OfficialsUseTwoSteps:
    """Sends an official without a second factor to the page that sets it up, before anything else behind the login.

    Off in the demo, whose login page says so (DESIGN 8).
    """

    ALLOWED = ("mfa_", "account_")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        if not settings.OFFICIALS_NEED_SECOND_FACTOR or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        match = request.resolver_match
        if match is None or (match.url_name or "").startswith(self.ALLOWED) or not request.user.is_authenticated:
            return None
        if request.user.holds(*OFFICIAL_ROLES) and not request.user.authenticator_set.filter(type="totp").exists():
            messages.warning(request, _("Set up signing in with two steps first. Your role asks for it."))
            return redirect("mfa_activate_totp")
        return None
