"""A whole site for the journeys: a database of its own, a real server in another process, and people with browsers."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import Resolver404, resolve, set_script_prefix
from django.utils import translation

from marketplace.demo.accounts import PASSWORD
from tests.faces import EVERY_FACE, axe_options

SET_UP = """
import django
django.setup()
from django.core.management import call_command
from core import clock
from marketplace.demo.days import Days
from marketplace.demo.people import Cast
call_command("createcachetable")
call_command("load_reference", verbosity=0)
Cast(Days(clock.today())).set_up()
"""
PATIENCE = 30
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class Site:
    """The address of the site and what its process shares with the tests: database, files and mail."""

    def __init__(self, url: str, environment: dict[str, str]):
        self.url = url
        self.environment = environment
        self.data = Path(environment["TREDE_DATA_DIR"])

    def manage(self, *command: str) -> str:
        """Runs a management command on the site's database, as its operator would."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, code: str) -> str:
        """Runs a few lines on the site's database: what only time or another system would do."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site(database_template, tmp_path_factory):
    """The site with reference data and the officials, and nothing else yet."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(database_template, folder / "site.sqlite3")
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "TREDE_ORIGIN": url,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "TREDE_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    site = Site(url, environment)
    site.run(SET_UP)
    with served(site):
        yield site


@contextmanager
def served(site: Site, application: str = "marketplace.wsgi"):
    """Within this block the site answers at its address. Afterwards its log has to be clean."""
    log = site.data / f"server-{site.url.rpartition(':')[2]}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, "--bind", site.url[7:], "--threads", "4"],
            env=site.environment,
            cwd=settings.BASE_DIR,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(f"{site.url}/healthz", server)
        yield
    finally:
        server.terminate()
        server.wait(PATIENCE)
    assert "Traceback" not in log.read_text(), log.read_text()[-4000:]


def _wait_for(url: str, server: subprocess.Popen) -> None:
    for _attempt in range(PATIENCE * 10):
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


class Person:
    """Somebody with a browser. Every page is looked at by axe the first time anybody comes there."""

    looked_at: set[str]

    def __init__(self, site: Site, page, looked_at: set):
        self.site, self.page, self.looked_at = site, page, looked_at
        page.set_default_timeout(PATIENCE * 1000)

    def goes_to(self, path: str):
        """Opens a page by its address; it has to be there."""
        response = self.page.goto(path if path.startswith("http") else self.site.url + path)
        assert response.status == 200, f"{path}: {response.status}"
        self.looks()
        return self

    def clicks(self, name: str, *, role: str = "link", exact: bool = False, nth: int = 0):
        """Follows a link or presses a button by what it says."""
        self.page.locator("main").get_by_role(role, name=name, exact=exact).nth(nth).click()
        self.page.wait_for_load_state()
        self.looks()
        return self

    def presses(self, name: str, **more):
        return self.clicks(name, role="button", **more)

    def fills(self, **fields):
        """Fills fields by their name in the form: text, a choice, a tick (True) or a file (bytes)."""
        for name, value in fields.items():
            box = self.page.locator(f"main form [name='{name}']")
            kind = box.first.evaluate("e => e.tagName == 'SELECT' ? 'select' : e.type")
            if isinstance(value, bytes):
                box.first.set_input_files({"name": "bestand.pdf", "mimeType": "application/pdf", "buffer": value})
            elif kind == "select":
                box.first.select_option(str(value))
            elif kind in {"radio", "checkbox"} and value is not True:
                self.page.locator(f"main form [name='{name}'][value='{value}']").check(force=True)
            elif kind in {"radio", "checkbox"}:
                box.first.check(force=True)
            else:
                box.first.fill(str(value))
        return self

    def sends(self):
        """Presses the main button of the form."""
        self.page.locator("main form .utrecht-button--primary-action").first.click()
        self.page.wait_for_load_state()
        self.looks()
        return self

    def sees(self, text: str):
        """The page says this."""
        assert text in self.text, f"{text!r} is not on {self.page.url}:\n{self.text[:3000]}"
        return self

    def sees_not(self, text: str):
        assert text not in self.text, f"{text!r} is on {self.page.url}"
        return self

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text().replace("\N{NO-BREAK SPACE}", " "))

    def links(self, pattern: str) -> list[str]:
        """The addresses on the page that fit a pattern, in order, each once. What the page showed (`seen`) is no part of it."""
        found = self.page.locator("main a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        paths = {href: href.removeprefix(self.site.url).partition("?seen=")[0] for href in found}
        return [href for href, path in paths.items() if re.fullmatch(pattern, path)]

    def logs_in(self, name: str):
        email = name if "@" in name else f"{name}@demo.example"
        self.goes_to("/account/login/").fills(login=email, password=PASSWORD).sends()
        assert "/account/login/" not in self.page.url, self.text
        return self

    def looks(self) -> None:
        """No error page, nothing outside the screen, and axe finds nothing."""
        assert self.page.locator("h1").count() == 1, f"{self.page.url} has no single heading"
        path = self.page.url.removeprefix(self.site.url).split("?")[0]
        if _view_of(path) in self.looked_at or not self.page.url.startswith(self.site.url):
            return
        self.looked_at.add(_view_of(path))
        _axe(self.page)
        if EVERY_FACE:
            self._looks_at_every_face()

    def _looks_at_every_face(self) -> None:
        """The same page in English, in the dark and on a telephone, as far as it can be opened again."""
        size, address = self.page.viewport_size, self.page.url.removeprefix(self.site.url)
        for language in ["", "/en"]:
            again = self.page.context.new_page()
            opened = again.goto(self.site.url + language + address.removeprefix("/en"))
            for scheme, width in [("light", 1280), ("dark", 390)] if opened.status == 200 else []:
                again.emulate_media(color_scheme=scheme)
                again.set_viewport_size({"width": width, "height": size["height"]})
                _axe(again)
            again.close()


def _axe(page) -> None:
    result = Axe().run(page, options=axe_options())
    assert result.violations_count == 0, f"{page.url}: {result.generate_report()}"
    sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(sideways), f"{page.url} scrolls sideways"


def newest_mail(site, address):
    """The text of the last letter to an address."""
    letters = []
    for path in sorted((site.data / "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns):
        letters += [raw for raw in path.read_bytes().split(b"-" * 79) if f"To: {address}".encode() in raw]
    assert letters, f"no letter to {address}"
    return message_from_bytes(letters[-1].lstrip(), policy=default).get_content()


def _view_of(path: str) -> str:
    set_script_prefix("/")
    with translation.override("en" if path.startswith("/en/") else "nl"):
        try:
            return resolve(path).view_name or path
        except Resolver404:
            return path


@pytest.fixture(scope="module")
def looked_at():
    """The pages that axe has seen in this journey."""
    return set()


@pytest.fixture
def person(site, browser, looked_at):
    """Makes people, each with a browser of their own: `person()` a visitor, `person("assessor")` somebody logged in."""
    contexts = []

    def make(name: str | None = None, **context) -> Person:
        contexts.append(browser.new_context(locale="nl-NL", **context))
        somebody = Person(site, contexts[-1].new_page(), looked_at)
        return somebody.logs_in(name) if name else somebody

    yield make
    for context in contexts:
        context.close()
