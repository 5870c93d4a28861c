"""Public pages and answers may be kept for a minute and are answered 304 while nothing changed (DESIGN 8)."""

import datetime as dt
import gzip

import pytest
from django.urls import reverse

from core import clock
from core.models import AuditEntry
from marketplace.versions import KEPT, LATE
from providers.services.standing import STANDING, recompute_standing
from tests.factories.catalogue import SolutionFactory
from tests.permissions.kinds import PUBLIC
from tests.permissions.table import ROWS
from tests.providers.test_catalogue_services import refresh_prices

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NOT_KEPT = {
    "healthz",
    "readyz",
    "favicon.ico",
    ".well-known/security.txt",
    "robots.txt",
    "hooks:stripe",
    "marketplace:styleguide",
    "marketplace:demo_mail",
    "marketplace:demo_mail_read",
    "marketplace:scan_result",
    "providers:feedback",
    "providers:feedback_thanks",
    "roadmap:scan_deleted",
    "roadmap:scan_about",
    "roadmap:scan_question",
    "roadmap:scan_have",
    "roadmap:scan_delete",
    "api:scan",
}
"""Public pages without data of the house, or with a secret in their address."""

PAGES = ["/", "/en/", "/oplossingen/", "/en/oplossingen/lijst.csv", "/voucher/", "/api/", "/scan/"]
ANSWERS = ["/api/v1/solutions/", "/api/v1/sectors/?page_size=5", "/api/v1/programmes/", "/api/v1/schema/", "/api/v1/"]


@pytest.fixture
def solution():
    return SolutionFactory(listed=True)


def again(client, path, tag, **headers):
    return client.get(path, headers={"if-none-match": tag, **headers})


def test_every_public_page_is_kept_or_says_why_not():
    public = {row.name for row in ROWS if row.get == PUBLIC}
    assert public - KEPT - NOT_KEPT == set()
    assert public >= KEPT


@pytest.mark.usefixtures("solution")
@pytest.mark.parametrize("path", [*PAGES, *ANSWERS])
def test_what_did_not_change_is_answered_in_few_queries_and_without_a_body(client, path, django_assert_max_num_queries):
    first = client.get(path)
    assert (first.status_code, first["Cache-Control"]) == (200, "public, max-age=60")
    with django_assert_max_num_queries(2):
        same = again(client, path, first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    for header in ("ETag", "Cache-Control"):
        assert same[header] == first[header]
    assert set(same["Vary"].split(", ")) == set(first["Vary"].split(", "))
    assert not same.cookies


@pytest.mark.parametrize("path", ["/oplossingen/", "/api/v1/solutions/", "/"])
def test_an_act_in_the_catalogue_changes_the_tag(client, solution, path):
    before = client.get(path)["ETag"]
    recompute_standing(by=STANDING, solution=solution)
    after = again(client, path, before)
    assert after.status_code == 200
    assert after["ETag"] != before


def test_a_price_whose_day_has_come_changes_the_tag(client, solution):
    before = client.get("/api/v1/solutions/")["ETag"]
    type(solution).objects.update(first_year_price="1.00")
    package = solution.packages.get()
    package.prices.update(valid_from=clock.today())
    refresh_prices(on=clock.today())
    assert again(client, "/api/v1/solutions/", before).json()["results"][0]["price"] == "1600.00"


def test_an_entry_that_arrives_late_changes_the_tag(client, solution):
    """Numbers are handed out before they are committed, so a later one may be seen first."""
    recompute_standing(by=STANDING, solution=solution)
    entry = AuditEntry.objects.latest("pk")
    entry.pk, entry.seq = entry.pk + LATE // 2, entry.seq + 1
    entry.save(force_insert=True)
    before = client.get("/")["ETag"]
    entry.pk, entry.seq = entry.pk - 1, entry.seq + 1
    entry.save(force_insert=True)
    assert client.get("/")["ETag"] != before


def test_another_day_address_or_language_is_another_version(client, solution):
    tags = [client.get(path)["ETag"] for path in ("/oplossingen/", "/oplossingen/?q=x", "/en/oplossingen/")]
    tags += [client.get("/api/v1/solutions/", headers={"accept-language": one})["ETag"] for one in ("nl", "en")]
    with clock.fixed(clock.now() + dt.timedelta(days=1)):
        tags.append(client.get("/oplossingen/")["ETag"])
    assert len(set(tags)) == len(tags)


@pytest.mark.usefixtures("solution")
def test_only_the_api_differs_by_the_language_that_is_asked_for(client):
    for path in PAGES:
        assert "accept-language" not in client.get(path).get("Vary", "").lower(), path
    for path in ANSWERS:
        assert "accept-language" in client.get(path)["Vary"].lower(), path


@pytest.mark.parametrize(
    "path", ["/oplossingen/?level=9", "/voucher/?cost=veel", "/oplossingen/niets/", "/api/v1/solutions/?x=1"]
)
def test_what_is_wrong_is_not_kept(client, path):
    response = again(client, path, "*")
    assert response.status_code in {400, 404, 422}
    assert not response.has_header("ETag")
    assert "public" not in response.get("Cache-Control", "")


def test_a_page_that_looked_who_is_there_is_not_kept(client, solution, monkeypatch):
    from providers.views import catalogue

    plain = catalogue.render
    monkeypatch.setattr(
        catalogue, "render", lambda request, *rest, **more: plain(request, *rest, **more) if request.user else None
    )
    page = client.get("/oplossingen/")
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert not page.has_header("ETag")


def test_a_secret_page_has_no_version(client, db):
    response = client.get(reverse("providers:feedback", args=["geheim"]))
    assert not response.has_header("ETag")


@pytest.mark.usefixtures("solution")
def test_public_pages_go_out_compressed_and_others_do_not(client):
    page = client.get("/oplossingen/", headers={"accept-encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(page.content)
    assert "accept-encoding" in page["Vary"].lower()
    assert again(client, "/oplossingen/", page["ETag"]).status_code == 304
    login = client.get("/account/login/", headers={"accept-encoding": "gzip"})
    assert login.status_code == 200
    assert not login.has_header("Content-Encoding")
