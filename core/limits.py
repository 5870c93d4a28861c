"""How often one internet address may do what costs us something and asks no login. Counted in the cache, which workers share.

A limit, not a lock: two requests at the very same moment may count as one. What must never happen twice is guarded elsewhere.
"""

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from core import clock

IPV6_NETWORK = 64
"""Whoever has one IPv6 address has all of its network of this size, so the network counts as one address."""


@dataclass(frozen=True)
class Limit:
    """At most `times` in each period of `seconds`, per address; 0 times or less means no limit. `name` is what is counted."""

    name: str
    times: int
    seconds: int


def count(request: HttpRequest, limit: Limit) -> int:
    """Counts one more. Returns 0 when it may go on, otherwise the seconds to wait; what is refused is not counted."""
    address = client_address(request)
    if limit.times <= 0 or not address:
        return 0
    period, gone = divmod(int(clock.now().timestamp()), limit.seconds)
    # Only who has our secret can tell from the key whose address it is, and after the period it is gone.
    who = salted_hmac("core.limits", address).hexdigest()
    key = f"limit:{limit.name}:{period}:{who}"
    seen = cache.get(key, 0)
    if seen >= limit.times:
        return limit.seconds - gone
    cache.set(key, seen + 1, timeout=limit.seconds)
    return 0


def client_address(request: HttpRequest) -> str:
    """The address that counts as one visitor: of the peer, or what our own proxies say (TRUSTED_PROXY_COUNT). Empty: unknown.

    What a visitor writes in X-Forwarded-For stands to the left of what our proxies add, and is never believed.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    written = told[-proxies] if 0 < proxies <= len(told) else ""
    try:
        address = ipaddress.ip_address(written or request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/{IPV6_NETWORK}", strict=False))
    return str(address)
