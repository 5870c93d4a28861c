"""The mail that the demo sends, readable on a page: nobody has an inbox there. Exists in the demo environment only."""

import datetime
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import paged

SEPARATOR = re.compile(rb"^-{79}\r?\n", re.MULTILINE)
FILE_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]+\.log", re.ASCII)
MOST_FILES = 1000  # newest first; a demo that mailed more keeps the rest on disk


@dataclass(frozen=True)
class Mail:
    """One message, as its reader sees it. `key` is its file and its place in it."""

    key: str
    subject: str
    to: str
    sent_at: datetime.datetime | None
    body: str


@never_cache
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every message, newest first; `q` looks in subject and addressee."""
    folder = _folder()
    wanted = request.GET.get("q", "").strip().casefold()[:200]
    names = sorted((path.name for path in folder.glob("*.log") if FILE_NAME.fullmatch(path.name)), reverse=True)
    mails = [mail for name in names[:MOST_FILES] for mail in reversed(_read(folder / name))]
    if wanted:
        mails = [mail for mail in mails if wanted in f"{mail.subject} {mail.to}".casefold()]
    context = {"page": paged(request, mails), "q": wanted, "count": len(mails)}
    return render(request, "marketplace/demo_mail_list.html", context)


@never_cache
@require_safe
def mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One message, its links clickable. 404 for anything that is not a mail of the demo."""
    folder = _folder()
    path = folder / name
    if not FILE_NAME.fullmatch(name) or not path.is_file():
        raise Http404
    mails = _read(path)
    if number >= len(mails):
        raise Http404
    return render(request, "marketplace/demo_mail.html", {"mail": mails[number]})


def _folder() -> Path:
    if settings.PRODUCTION or not getattr(settings, "EMAIL_FILE_PATH", None):
        raise Http404
    return Path(settings.EMAIL_FILE_PATH)


def _read(path: Path) -> list[Mail]:
    """The messages in one file of Django's file backend, in the order they were sent."""
    parts = [part for part in SEPARATOR.split(path.read_bytes()) if part.strip()]
    return [_mail(f"{path.name}/{number}", part) for number, part in enumerate(parts)]


def _mail(key: str, raw: bytes) -> Mail:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    text = message.get_body(("plain",))
    try:
        sent_at = parsedate_to_datetime(message["Date"])
    except (TypeError, ValueError):
        sent_at = None
    return Mail(
        key=key,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent_at=sent_at,
        body=text.get_content() if text else "",
    )
