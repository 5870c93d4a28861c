"""What the tests of the pages of the scan have in common."""

import re

from roadmap import services
from roadmap.services import VISITOR
from tests.roadmap.reference_data import ladder

CODES = ladder().items


def finished(total=36, **kwargs):
    """A finished scan whose answers add up to `total`, and its token."""
    each, rest = divmod(total, 12)
    answers = {code: each + (place < rest) for place, code in enumerate(CODES)}
    return services.scan_at_once(by=VISITOR, **{"sector": "DETAIL", "answers": answers, **kwargs})


def started(**kwargs):
    """A scan that was begun, and its token."""
    return services.start_scan(by=VISITOR, **{"sector": "HORECA", **kwargs})


def words(response):
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
