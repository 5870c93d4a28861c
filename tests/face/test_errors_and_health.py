"""Error pages in plain words, and the platform's two questions."""

import io
import logging
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from core import triggers
from core.logs import NoSecretLinks, StacksOfFaultsOnly, without_secrets
from core.tokens import new_token
from marketplace import healthchecks
from tests.factories.accounts import UserFactory


def test_an_unknown_page_is_a_plain_404_without_a_cookie(client, db):
    answer = client.get("/en/there-is-nothing-here/")
    assert answer.status_code == 404
    assert "We cannot find this page" in answer.content.decode()
    assert not answer.cookies


def test_only_a_stranger_is_told_to_log_in(client, db):
    path = "/er-is-hier-niets/"
    assert "Log dan eerst in" in client.get(path).content.decode()
    client.force_login(UserFactory())
    answer = client.get(path)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "Log dan eerst in" not in page
    assert 'href="/mijn/"' in page.split("<main")[1]


def test_the_page_of_a_crash_needs_nothing_that_may_have_crashed():
    page = render_to_string("500.html")
    assert "Er ging iets mis" in page
    assert "Something went wrong" in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html"])
def test_every_error_page_says_what_to_do(name):
    page = render_to_string(name, {}, request=RequestFactory().get("/"))
    assert page.count("<h1") == 1
    assert "trede-lead" in page


def test_a_form_without_its_token_is_answered_in_words(db):
    answer = Client(enforce_csrf_checks=True).post("/en/account/login/", {"login": "a@b.nl", "password": "x"})
    assert answer.status_code == 403
    assert "Please try again" in answer.content.decode()


def test_a_form_in_another_encoding_is_refused_in_words(db):
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["csrftoken"] = "a" * 32
    for path in ("/scan/", "/account/login/", "/mijn/gegevens/"):
        answer = visitor.post(path, "sector=DETAIL", content_type=kind)
        assert answer.status_code == 400
        assert "niet kunnen lezen" in " ".join(answer.content.decode().split())


@pytest.mark.parametrize("charset", ["utf-16", "hex", "nonsense"])
def test_a_form_with_files_in_another_encoding_is_refused_too(db, charset):
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    body = b'--x\r\nContent-Disposition: form-data; name="sector"\r\n\r\nDETAIL\r\n--x--\r\n'
    assert Client().generic("POST", "/scan/", body, content_type=kind).status_code == 400


SECRET_PATHS = [
    reverse("roadmap:scan_question", args=["TOKEN", 1]),
    reverse("roadmap:scan_delete", args=["TOKEN"]),
    reverse("providers:feedback", args=["TOKEN"]),
    reverse("api:scan", args=["TOKEN"]),
    "/account/confirm-email/TOKEN/",
    "/account/password/reset/key/3-TOKEN/",
]


@pytest.mark.parametrize("path", SECRET_PATHS)
def test_the_token_of_a_secret_link_is_in_no_line_of_the_log(settings, path):
    assert "secrets" in settings.LOGGING["handlers"]["console"]["filters"]
    token = new_token()
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "Refused: %s", (path.replace("TOKEN", token),), None
    )
    assert NoSecretLinks().filter(record)
    assert token not in record.getMessage()
    assert record.getMessage().startswith("Refused: /")


def test_a_page_that_refuses_a_secret_link_does_not_log_it(client, db, monkeypatch):
    (console,) = [handler for handler in logging.getLogger().handlers if handler.name == "console"]
    monkeypatch.setattr(console, "stream", log := io.StringIO())
    path = reverse("providers:feedback", args=[token := new_token()])
    client.post(path)
    assert "Not Found: /ervaring/[...]/" in log.getvalue()
    assert token not in log.getvalue()


def test_the_number_of_a_payment_stays_in_the_log():
    path = "/uitbetalingen/betalingen/0f8fad5b-d9cb-469f-a165-70867728950e/melden/"
    assert without_secrets(path) == path


@pytest.mark.parametrize(("status", "shown"), [(403, False), (500, True)])
def test_only_a_fault_of_ours_shows_its_stack_in_the_log(status, shown):
    try:
        raise PermissionError
    except PermissionError:
        record = logging.LogRecord("django.request", logging.WARNING, "", 1, "no", None, sys.exc_info())
    record.status_code = status
    assert StacksOfFaultsOnly().filter(record)
    assert bool(record.exc_info) is shown


def test_health_asks_nothing_of_the_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_when_everything_stands(client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.database
def test_not_ready_without_the_triggers_that_keep_the_trail(client, db):
    triggers.remove()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "migrations": "ok", "triggers": "failed"}


def test_not_ready_while_a_migration_waits(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "failed"


def test_not_ready_without_a_database(client, monkeypatch):
    monkeypatch.setattr(healthchecks, "_database", lambda: False)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert set(answer.json()["checks"].values()) == {"failed"}


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return Path(settings.EMAIL_FILE_PATH)


def test_the_demo_mail_shows_what_was_sent_with_clickable_links(client, mailbox):
    from django.core.mail import send_mail

    send_mail("Uw <link>", "Klik hier: http://testserver/feedback/abc/\nDank u.", None, ["anna@demo.example"])
    listed = client.get("/en/demo/mail/?q=ANNA")
    assert "Uw &lt;link&gt;" in listed.content.decode()
    [name] = [path.name for path in mailbox.iterdir()]
    shown = client.get(f"/en/demo/mail/{name}/0/").content.decode()
    assert 'href="http://testserver/feedback/abc/"' in shown
    assert client.get("/en/demo/mail/?q=bert").content.decode().count("trede-tasks__item") == 0


@pytest.mark.parametrize(
    "path", ["20260101-000000-1.log/0/", "..%2Fdemo-secret-key/0/", "x.log/0/", "20260101-000000-1.log/9/"]
)
def test_the_demo_mail_shows_nothing_else(client, mailbox, path):
    assert client.get(f"/en/demo/mail/{path}").status_code == 404


def test_the_demo_mail_does_not_exist_in_production(client, settings, mailbox):
    settings.PRODUCTION = True
    assert client.get("/en/demo/mail/").status_code == 404


def test_the_style_guide_is_for_staff_in_production(client, settings, db):
    settings.PRODUCTION = True
    assert client.get("/styleguide/").status_code == 404
