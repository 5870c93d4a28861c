"""How axe looks at a page, and whether it does in every face: `make soak NAME=face`."""

import os

EVERY_FACE = os.environ.get("TREDE_EVERY_FACE") == "1"
"""Both languages, both colour schemes, desk and telephone; otherwise as much as `make test` has time for (DESIGN 8)."""

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_options(*more: str) -> dict:
    """The rules of WCAG 2.2 AA and those tags. Of what is in order one place per rule is told: that halves the time."""
    return {"runOnly": [*WCAG, *more], "resultTypes": ["violations"]}
