"""The style sheets: every class that a page uses exists, and no page styles itself."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}", re.DOTALL)


def _styles() -> str:
    own = (Path(settings.BASE_DIR) / "static" / "css").rglob("*.css")
    return "".join(path.read_text() for path in [*own, Path(finders.find("vendor/utrecht/index.css"))])


def test_every_component_that_a_page_uses_is_among_the_style_sheets():
    defined = set(re.findall(r"\.(utrecht-[a-z0-9]+(?:-[a-z0-9]+)*)", _styles()))
    missing = {}
    for path in TEMPLATES:
        page = TAG.sub(" ", COMMENT.sub("", path.read_text()))
        for classes in re.findall(r'class="([^"]*)"', page):
            for name in re.findall(r"utrecht-[a-z0-9]+(?:-[a-z0-9]+)*", classes):
                if name not in defined:
                    missing.setdefault(name, path.name)
    assert missing == {}, "add the component to COMPONENTS in scripts/assets.py"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates")))
def test_a_template_carries_no_style_or_script_of_its_own(path):
    page = COMMENT.sub("", path.read_text())
    assert not re.search(r"<style|\sstyle=\"|\son(?:click|change|submit|load)=", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


def test_every_token_that_our_own_styles_stand_on_exists():
    own = "".join(path.read_text() for path in (Path(settings.BASE_DIR) / "static" / "css").rglob("*.css"))
    themes = "".join(Path(finders.find(f"vendor/{name}/theme.css")).read_text() for name in ("voorbeeld", "ma-dark"))
    declared = set(re.findall(r"^\s*(--[\w-]+)\s*:", own + themes, re.MULTILINE)) | set(
        re.findall(r"[{;]\s*(--[\w-]+)\s*:", own)
    )
    used = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", own))
    assert used - declared == set()


def test_the_style_sheets_stay_light():
    weight = sum(
        Path(finders.find(f"vendor/{name}")).stat().st_size
        for name in ("utrecht/index.css", "voorbeeld/theme.css", "ma-dark/theme.css")
    )
    assert weight < 320_000
