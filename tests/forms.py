"""The forms of a page: what each sends along without being asked."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.urls import reverse


class _Forms(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open: dict[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method", "get").lower() == "post":
            self._open = {}
            self.found.append((said.get("action", ""), self._open))
        elif tag == "input" and said.get("type") == "hidden" and self._open is not None:
            self._open[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None


def forms_of(answer) -> list[dict[str, str]]:
    """The hidden fields of every form of a page that sends something, but for the one that logs out."""
    log_out = reverse("account_logout")
    found = _Forms(answer.content.decode()).found
    return [fields for action, fields in found if urlsplit(action).path != log_out]
