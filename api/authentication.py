"""Who asks: the bearer of a token."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class BearerAuthentication(TokenAuthentication):
    """Knox's tokens, where whatever cannot be one of its tokens is a 401 like any wrong token."""

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        """The user and the token. Raises AuthenticationFailed, also for bytes that no token has.

        Knox reads the header as UTF-8 and hands it to the database, which may refuse a control character in a text.
        """
        if not (token.isascii() and token.decode("ascii").isprintable()):
            raise AuthenticationFailed(_("This key is not valid."))
        return super().authenticate_credentials(token)


class BearerScheme(KnoxTokenScheme):
    """How the description of the API names it: as a bearer token, as before."""

    target_class = BearerAuthentication
