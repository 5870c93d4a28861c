"""A decision as a letter: a page, and the same words as a tagged PDF that a screen reader can read (PDF/UA-1)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

PAPER = "layouts/paper.html"
OURS = "static:"
"""What the addresses of files in the style sheet of paper start with; nothing else is ever fetched."""


def letter_response(request: HttpRequest, template: str, context: dict[str, Any], *, name: str) -> HttpResponse:
    """The page of a letter or, asked with `?format=pdf`, its PDF under this name.

    The template extends `frame`, so that both say the same: the page stands in the frame of the site, the PDF on paper.
    """
    if request.GET.get("format") != "pdf":
        return render(request, template, context)
    page = render_to_string(template, {**context, "frame": PAPER}, request=request)
    disposition = f'inline; filename="{name.replace("/", "-")}.pdf"'
    return HttpResponse(as_pdf(page), content_type="application/pdf", headers={"Content-Disposition": disposition})


def as_pdf(page: str) -> bytes:
    """The PDF of a page. It is made from our own files alone: whatever else the page names is left out."""
    # Imported when a letter is asked for: it is large, and the rest of the site does without.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OurFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            path = finders.find(url.removeprefix(OURS)) if url.startswith(OURS) else None
            if path is None:
                raise ValueError(f"not one of our files: {url}")
            return URLFetcherResponse(url, Path(path).read_bytes())

    fetch, fonts = OurFilesOnly(), FontConfiguration()
    paper = CSS(url=f"{OURS}css/paper.css", url_fetcher=fetch, font_config=fonts)
    letter = HTML(string=page, base_url=f"{settings.SITE_ORIGIN}/", url_fetcher=fetch)
    return letter.write_pdf(stylesheets=[paper], font_config=fonts, pdf_variant="pdf/ua-1")
