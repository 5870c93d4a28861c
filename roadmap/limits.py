"""How often one internet address may start a scan: nobody logs in for it, and every scan is a row."""

from django.conf import settings

from core.limits import Limit

HOUR = 60 * 60


def scans() -> Limit:
    """New scans per hour, on the page and through the API together (setting `SCANS_PER_HOUR`)."""
    return Limit("scan", settings.SCANS_PER_HOUR, HOUR)
