"""Uploads: checked by what they are, not by what they are called; kept private; handed out only as downloads."""

import hashlib
from pathlib import PurePosixPath
from typing import Any

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse

from core import clock
from core.models import StoredFile
from core.reasons import CoreReason, Reason, Refused

MEGABYTE = 1024 * 1024
MAX_MEGABYTES = 10
ACCEPTED = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
HEAD = 8192


def check_upload(upload: UploadedFile | None) -> str:
    """The kind of an acceptable upload. Raises Refused: missing, empty, over 10 MB, or not PDF, PNG or JPEG inside."""
    if upload is None:
        raise Refused(Reason(CoreReason.FILE_MISSING))
    if not upload.size:
        raise Refused(Reason(CoreReason.FILE_EMPTY))
    if upload.size > MAX_MEGABYTES * MEGABYTE:
        raise Refused(Reason(CoreReason.FILE_TOO_LARGE, {"limit": MAX_MEGABYTES}))
    upload.seek(0)
    kind = filetype.guess_mime(upload.read(HEAD))
    upload.seek(0)
    if kind not in ACCEPTED:
        raise Refused(Reason(CoreReason.FILE_KIND))
    return kind


def store_upload(*, by: Any, upload: UploadedFile | None, case: str) -> StoredFile:
    """Keeps an upload for a case. Raises Refused as `check_upload` does."""
    kind = check_upload(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return StoredFile.objects.create(
        content=upload,
        name=safe_name(upload.name, kind),
        kind=kind,
        size=upload.size,
        sha256=digest.hexdigest(),
        case=case,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )


def safe_name(name: str | None, kind: str) -> str:
    """A name fit to show and to download: no path, no control or direction characters, the ending of what it really is."""
    stem = PurePosixPath((name or "").replace("\\", "/")).stem
    shown = "".join(letter for letter in stem if letter.isprintable()).strip(". ")
    return f"{shown[:100] or 'file'}{ACCEPTED[kind]}"


def file_response(stored: StoredFile) -> FileResponse:
    """The file as a download that no browser renders as a page. The caller has checked who asks."""
    response = FileResponse(
        stored.content.open("rb"), as_attachment=True, filename=stored.name, content_type=stored.kind
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
