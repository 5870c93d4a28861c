"""What follows from who somebody is. Pure functions over plain values."""

import datetime as dt
import re
from collections.abc import Mapping

from core.terms import add_months

PUBLIC_MAIL_DOMAINS = frozenset(
    """
    gmail.com googlemail.com outlook.com outlook.nl hotmail.com hotmail.nl live.com live.nl msn.com icloud.com me.com
    mac.com yahoo.com yahoo.nl ymail.com proton.me protonmail.com gmx.com gmx.net gmx.de web.de mail.com aol.com zoho.com
    fastmail.com tutanota.com ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl upcmail.nl chello.nl casema.nl
    xs4all.nl telfort.nl tele2.nl online.nl quicknet.nl solcon.nl zonnet.nl wxs.nl tiscali.nl freedom.nl delta.nl
    caiway.nl caiway.net zeelandnet.nl kabelfoon.nl demo.example
    """.split()
)
"""Domains anybody can have an address at: sharing one says nothing about being connected (DESIGN 4.9).

`demo.example` is that of the demo accounts.
"""


NO_CASE = ("accounts.", "roadmap.scan:")
"""How the streams of the trail begin that are no file of the authority: about oneself, one's business, and its scans."""


def kept_until(last_entry: dt.date, years: int) -> dt.date:
    """The last day on which a file is kept after the last thing that happened in it (DESIGN 4.11)."""
    return add_months(last_entry, 12 * years)


def sector_for_sbi(code: str, mapping: Mapping[str, str]) -> str | None:
    """The sector code for an SBI code, by the longest prefix in `mapping` (prefix -> sector); None when none fits.

    Codes are compared without dots, so `88.91`, `8891` and `88912` all find `88.91` before `88`.
    """
    digits = re.sub(r"\D", "", code)
    prefixes = {re.sub(r"\D", "", prefix): sector for prefix, sector in mapping.items()}
    for length in range(len(digits), 1, -1):
        if digits[:length] in prefixes:
            return prefixes[digits[:length]]
    return None


def own_mail_domain(email: str) -> str | None:
    """The domain of an address when it can belong to one organisation; None for public mail services."""
    _person, at, domain = email.rpartition("@")
    domain = domain.strip().lower()
    return None if not at or not domain or domain in PUBLIC_MAIL_DOMAINS else domain
