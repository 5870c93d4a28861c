"""The pages of the scan. Pages that also show vouchers live in marketplace/."""

from roadmap.views.claim import scan_claim
from roadmap.views.scan import (
    first_open,
    progress_in,
    scan_about,
    scan_delete,
    scan_deleted,
    scan_have,
    scan_progress,
    scan_question,
    scan_start,
)
from roadmap.views.secret import scan_or_404, secret_page

__all__ = [
    "first_open",
    "progress_in",
    "scan_about",
    "scan_claim",
    "scan_delete",
    "scan_deleted",
    "scan_have",
    "scan_or_404",
    "scan_progress",
    "scan_question",
    "scan_start",
    "secret_page",
]
