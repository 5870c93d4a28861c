"""The page behind a personal link: two minutes, no login, and every wrong link or answer told in words."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from providers.models import Baseline, FeedbackReport
from tests.factories.catalogue import (
    BackupFactory,
    InvitationFactory,
    SolutionFactory,
    VoucherInvitationFactory,
    WebsiteFactory,
)
from tests.moments import MONDAY
from tests.providers.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
GOOD = {"times_per_week": "10", "minutes_before": "23", "minutes_after": "20,5", "satisfaction": "4"}


@pytest.fixture
def address():
    InvitationFactory(solution=SolutionFactory(listed=True, name="Boekmaat"), token="geheim")
    return reverse("providers:feedback", args=["geheim"])


def test_the_page_asks_and_keeps_the_answer_once(client, address):
    page = client.get(address)
    assert page.status_code == 200
    assert "Boekmaat" in text(page)
    answer = client.post(address, GOOD)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert str(FeedbackReport.objects.get().minutes_after) == "20.50"
    again = client.post(address, GOOD)
    assert again.status_code == 410
    assert client.get(address).status_code == 410
    assert FeedbackReport.objects.count() == 1


@pytest.mark.parametrize(
    ("prefix", "promise"),
    [("", "Uw antwoord zelf laten wij aan niemand zien"), ("/en", "Your answer itself is shown to nobody")],
)
def test_what_becomes_of_the_answer_is_promised_in_the_language_of_the_page(client, address, prefix, promise):
    page = client.get(f"{prefix}{address}").content.decode()
    assert promise in page
    assert "5 %," in page
    assert "%%" not in page


def test_looking_does_not_use_the_link_up(client, address):
    for _n in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert client.post(address, GOOD).status_code == 302


def test_no_login_no_cookie_no_token_and_nothing_kept_by_a_browser():
    from django.test import Client

    InvitationFactory(solution=SolutionFactory(listed=True), token="t")
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(reverse("providers:feedback", args=["t"]))
    assert not page.cookies
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert strict.post(reverse("providers:feedback", args=["t"]), GOOD).status_code == 302


@pytest.mark.parametrize(
    "ending",
    [
        {"expires_at": MONDAY, "sent_at": MONDAY - dt.timedelta(days=30)},
        {"cancelled_at": MONDAY},
        {"answered_at": MONDAY},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_dead_link_says_so(client, ending, method):
    InvitationFactory(solution=SolutionFactory(listed=True), token="oud", **ending)
    response = getattr(client, method)(reverse("providers:feedback", args=["oud"]), GOOD)
    assert response.status_code == 410
    assert not FeedbackReport.objects.exists()


@pytest.mark.parametrize("token", ["bestaat-niet", "x" * 101, "%00", "a%2Fb", "é"])
def test_an_unknown_link_is_not_found(client, token):
    assert client.get(f"/ervaring/{token}/").status_code == 404
    assert client.post(f"/ervaring/{token}/", GOOD).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes_before": ""},
        {"minutes_before": "0"},
        {"minutes_before": "-5"},
        {"minutes_before": "twintig"},
        {"minutes_before": "1e3"},
        {"minutes_before": "١٢"},
        {"minutes_before": "NaN"},
        {"minutes_before": "9" * 400},
        {"minutes_after": "10081"},
        {"minutes_after": "1.234"},
        {"satisfaction": "6"},
        {"satisfaction": ""},
        {"satisfaction": "4; DROP"},
        {"times_per_week": "\x00"},
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_lost(client, address, wrong):
    response = client.post(address, {**GOOD, **wrong})
    assert response.status_code == 422
    assert "error-summary" in text(response)
    assert not FeedbackReport.objects.exists()
    if "minutes_before" in wrong:
        assert 'value="20,5"' in text(response)  # what was filled in stays
    assert client.post(address, GOOD).status_code == 302


def test_what_was_fixed_before_is_shown_and_not_asked(client):
    solution = SolutionFactory(listed=True)
    invitation = VoucherInvitationFactory(solution=solution, token="v")
    Baseline.objects.create(
        solution=solution,
        organisation=invitation.organisation,
        voucher_ref=invitation.voucher_ref,
        times_per_week=10,
        minutes_before=23,
        recorded_at=MONDAY,
    )
    address = reverse("providers:feedback", args=["v"])
    assert 'name="minutes_before"' not in text(client.get(address))
    client.post(address, {"minutes_after": "20", "satisfaction": "5", "minutes_before": "600"})
    assert FeedbackReport.objects.get().gain == "3/20"


@pytest.mark.parametrize(
    ("category", "answers", "asked"),
    [
        (WebsiteFactory, {"results_before": "4", "hours_before": "2", "results_after": "6", "hours_after": "2"}, 4),
        (BackupFactory, {"test_passed": "true"}, 0),
    ],
)
def test_every_kind_of_benefit_has_its_own_questions(client, category, answers, asked):
    InvitationFactory(solution=SolutionFactory(listed=True, category=category()), token="t")
    address = reverse("providers:feedback", args=["t"])
    page = text(client.get(address))
    assert page.count('inputmode="decimal"') == asked
    assert client.post(address, {"satisfaction": "5"}).status_code == 422
    assert client.post(address, {**answers, "satisfaction": "5"}).status_code == 302


def test_the_page_speaks_english_too(client, address):
    with override("en"):
        english = reverse("providers:feedback", args=["geheim"])
    assert english == f"/en{address}"
    assert 'lang="en"' in text(client.get(english))
