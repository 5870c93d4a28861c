"""What a public page was made of, as a short tag: while the tag is the same, the page is (DESIGN 8).

The tag is no hash of the page, which would have to be made first. It names all that a page follows from: the release, the
last entries of the trail, the day, the language and the address.
"""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language

from core import clock
from core.canonical import sha256_hex
from core.models import AuditEntry

LATE = 200
"""Entries that may be on their way at once: one that commits after a later one has a lower number, so they are counted too."""

PARTS = "accounts api core locale marketplace payouts providers roadmap static templates vouchers".split()

KEPT = frozenset(
    {
        *(f"marketplace:{name}" for name in ("home", "problem", "first_aid", "roadmap", "estimate", "api")),
        *(f"marketplace:{name}" for name in ("contact", "privacy", "cookies", "accessibility")),
        *(
            f"providers:{name}"
            for name in ("catalogue", "catalogue_csv", "compare", "preferred_explained", "for_providers")
        ),
        *("providers:solution", "providers:provider_public", "roadmap:scan_start"),
        *(f"api:{name}" for name in ("index", "schema", "sectors", "categories", "provinces", "municipalities")),
        *(f"api:{name}" for name in ("questions", "programmes", "programme", "solutions", "solution", "roadmap")),
    }
)
"""The pages and answers that are the same for everybody and follow from the data of the house."""


def version_of(request: HttpRequest) -> str:
    """The tag of what a GET of this address answers now. One query over the end of an index."""
    made_of = [
        release(),
        *_trail(),
        clock.today().isoformat(),
        get_language(),
        request.headers.get("Accept", ""),
        request.get_host(),
        request.get_full_path(),
    ]
    return f'W/"{sha256_hex(chr(10).join(map(str, made_of)))[:32]}"'


@cache
def release() -> str:
    """The running code, by the youngest of its files; every process of one machine has the same."""
    files = (
        file
        for part in PARTS
        for file in (Path(settings.BASE_DIR) / part).rglob("*")
        if "__pycache__" not in file.parts
    )
    return str(max(file.stat().st_mtime_ns for file in files))


def _trail() -> list[int | None]:
    """The number of the last entry of the trail and how many there are of the last `LATE`.

    Every act that changes what the public sees leaves an entry, so this is the version of the whole house.
    """
    last = Subquery(AuditEntry.objects.order_by("-pk").values("pk")[:1])
    found = AuditEntry.objects.filter(pk__gt=last - LATE).aggregate(last=Max("pk"), late=Count("pk"))
    return [found["last"], found["late"]]
