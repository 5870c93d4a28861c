"""What helps who fills in an application: what is known already, and what is plainly too much."""

from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from core import clock
from roadmap.models import Scan
from vouchers import services
from vouchers.enums import RuleOutcome
from vouchers.models import Application


def told_in_scan(address: str) -> dict[str, Any]:
    """What the scan that somebody comes from says about the business, so that it is not asked again."""
    try:
        match = resolve(urlsplit(address).path) if address else None
    except Resolver404:
        match = None
    scan = Scan.objects.by_token(match.kwargs["token"]) if match and match.view_name == "roadmap:scan_claim" else None
    if scan is None:
        return {}
    told = {name: getattr(scan, f"{name}_id") for name in ("municipality", "sector")}
    return {**told, "headcount": scan.headcount, "sbi": scan.sbi}


EARLY = frozenset({"established", "sme", "trading_time", "one_live", "de_minimis"})
"""Rules that can be broken by one page alone, and so are worth a word as soon as it is saved."""


def in_the_way(case: Application) -> set[str]:
    """What already fails on what was filled in so far, in words."""
    business, found = case.organisation, set()
    if case.business_confirmed_at is None:
        return found
    if business.founded_on and business.founded_on > clock.today():
        found.add(_("The start date of your business lies in the future. Check whether you wrote it right."))
    failed = [outcome for outcome in services.pre_check(case) if outcome.outcome == RuleOutcome.FAIL]
    return found | {str(why) for outcome in failed if outcome.code in EARLY for why in outcome.reasons}
