"""The house itself: what DESIGN section 2 asks of every room, checked on the code as it stands."""

import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from core.reasons import ReasonCode
from core.state import StatefulModel, transitions_of

ROOMS = ["core", "accounts", "providers", "roadmap", "vouchers", "payouts", "api", "marketplace"]
BASE = Path(settings.BASE_DIR)


def tracked(*patterns: str) -> list[Path]:
    """The project's own files, as git knows them; new ones that are not ignored count too."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [BASE / name for name in listed if (BASE / name).exists()]


PYTHON = [path for path in tracked("*.py") if "migrations" not in path.parts]
PRODUCT = [path for path in PYTHON if path.relative_to(BASE).parts[0] in ROOMS]
TEMPLATES = tracked("templates/*.html")
MACHINES = [model for model in apps.get_models() if issubclass(model, StatefulModel) and model._meta.app_label in ROOMS]


def matches(paths: list[Path], pattern: str) -> list[str]:
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{path.relative_to(BASE)}:{number}: {line.strip()}")
    return found


def test_there_is_something_to_check():
    assert len(PRODUCT) > 40
    assert len(TEMPLATES) > 20


def test_the_time_is_read_from_one_clock():
    others = [path for path in PRODUCT if path.relative_to(BASE) != Path("core/clock.py")]
    assert (
        matches(others, r"datetime\.now\(|\.utcnow\(|timezone\.now|date\.today\(|localdate\(|time\.time\(|\bNow\(\)")
        == []
    )


def test_the_clock_is_set_only_by_the_demo_and_the_tests():
    others = [path for path in PRODUCT if path.name != "clock.py" and "demo" not in str(path.relative_to(BASE))]
    assert matches(others, r"clock\.fixed\(") == []


def test_no_signals_glue_the_rooms_together():
    others = [path for path in PRODUCT if path.relative_to(BASE) != Path("core/apps.py")]
    assert matches(others, r"django\.(db\.models|dispatch|core)\b.*\bsignals?\b|@receiver") == []


def test_django_fsm_is_known_in_one_file():
    assert {line.split(":")[0] for line in matches(PRODUCT, r"import django_fsm|from django_fsm")} == {"core/state.py"}


def test_migrations_never_import_django_fsm():
    migrations = [path for path in tracked("*.py") if "migrations" in path.parts]
    assert len(migrations) >= 5
    assert matches(migrations, r"django_fsm") == []


def test_money_is_rounded_in_one_file():
    others = [path for path in PRODUCT if path.relative_to(BASE) != Path("core/money.py")]
    only_show = {"trede.py", "wording.py", "pictures.py"}  # words and drawings of amounts: they decide nothing
    others = [path for path in others if path.name not in only_show]
    assert matches(others, r"quantize\(\s*(CENT|Decimal\(.0?\.01.\))|\bround\(.*(amount|euro|price|cost)") == []


def test_core_stays_small():
    lines = sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in PRODUCT
        if path.relative_to(BASE).parts[0] == "core"
    )
    assert lines < 3000, "core holds only what every room needs and no room owns"


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(BASE)))
def test_a_file_has_one_subject_and_so_stays_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE)))
def test_a_template_has_no_inline_style_script_or_third_party(path):
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"\sstyle=|<style|<script(?![^>]*\bsrc=)|\son[a-z]+=\"|javascript:", text) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE)))
def test_a_text_with_a_percent_sign_is_written_with_a_tag(path):
    """Texts of templates are collected with the sign doubled; only the tag takes it back, `_("...")` shows "5 %%"."""
    assert re.findall(r"_\((?:\"[^\"]*%[^\"]*\"|'[^']*%[^']*')\)", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("model", MACHINES, ids=lambda model: model.__name__)
def test_a_hand_is_laid_by_verbs_that_exist(model):
    verbs = {verb for _source, verb, _target in transitions_of(model)}
    assert set(model.HANDS) <= verbs
    assert model._meta.get_field("state").protected


@pytest.mark.parametrize("model", MACHINES, ids=lambda model: model.__name__)
def test_no_transition_comes_from_anywhere(model):
    assert not {arrow for arrow in transitions_of(model) if arrow[0] in {"*", "+"}}


def test_a_reason_code_names_its_room_and_says_it_in_words():
    codes = [code for family in ReasonCode.__subclasses__() for code in family]
    values = [code.value for code in codes]
    assert len(values) == len(set(values))
    assert [value for value in values if "." not in value] == []
    assert all(str(code.label) for code in codes)


def test_euros_are_never_binary_fractions():
    odd = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField) and field.name not in {"latitude", "longitude"}
    ]
    assert odd == []


def test_no_commit_holds_a_registry_host_or_a_secret():
    dot = r"\."
    hosts = rf"pypi{dot}org|pythonhosted{dot}org|registry{dot}npmjs|npmjs{dot}com|deb{dot}debian{dot}org"
    own = [path for path in tracked() if path.suffix not in {".png", ".woff2"} and path.name != "test_house.py"]
    assert matches([path for path in own if path.is_file()], rf"{hosts}|sk_live_[A-Za-z0-9]") == []
