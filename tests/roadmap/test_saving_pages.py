"""Saving a scan with one's business, and finding it back: only one's own."""

import pytest
from django.urls import reverse
from django.utils import translation

from roadmap import services
from roadmap.models import Scan
from tests.factories.accounts import OrganisationFactory, ProviderOrganisationFactory, member_of
from tests.roadmap.pages import finished

pytestmark = pytest.mark.usefixtures("facts")

SAVED_SCANS_QUERIES = 5


def test_saving_asks_to_log_in(client):
    _scan, token = finished()
    answer = client.get(f"/scan/{token}/bewaren/")
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_a_member_saves_a_scan_and_finds_it_back(client):
    organisation = OrganisationFactory()
    client.force_login(member_of(organisation))
    scan, token = finished(12)
    assert client.get(f"/scan/{token}/bewaren/").status_code == 200
    assert client.post(f"/scan/{token}/bewaren/", {"organisation": organisation.pk})["Location"] == (
        f"/mijn/scans/{scan.pk}/"
    )
    scan.refresh_from_db()
    assert scan.organisation == organisation
    home = client.get("/mijn/").content.decode()
    assert f'href="/mijn/scans/{scan.pk}/"' in home
    assert "Trede 1 van 4: Digitale beginner" in home
    assert "In vijf minuten" not in home
    assert f"/mijn/scans/{scan.pk}/" in client.get("/mijn/scans/").content.decode()
    page = client.get(f"/mijn/scans/{scan.pk}/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert client.post(f"/mijn/scans/{scan.pk}/stappen/", {"stap-BACKUP": "done"}).status_code == 302
    assert services.progress_of(scan) == {"BACKUP": "done"}
    assert client.post(f"/mijn/scans/{scan.pk}/stappen/", {"stap-BACKUP": "x"}).status_code == 404
    assert client.get(f"/mijn/scans/{scan.pk}/verwijderen/").status_code == 200
    assert client.post(f"/mijn/scans/{scan.pk}/verwijderen/")["Location"] == "/mijn/scans/"
    assert not Scan.objects.exists()


@pytest.mark.parametrize("key", ["", "0", "-1", "abc", "9" * 30, "１", "1 OR 1=1"])
def test_a_scan_is_not_saved_with_a_business_that_is_not_there(client, key):
    client.force_login(member_of(OrganisationFactory()))
    scan, token = finished()
    assert client.post(f"/scan/{token}/bewaren/", {"organisation": key}).status_code == 404
    scan.refresh_from_db()
    assert scan.organisation is None


def test_a_scan_is_not_saved_with_somebody_elses_business_nor_with_a_provider(client):
    mine, other = ProviderOrganisationFactory(), OrganisationFactory()
    client.force_login(member_of(mine))
    scan, token = finished()
    for organisation in (mine, other):
        assert client.post(f"/scan/{token}/bewaren/", {"organisation": organisation.pk}).status_code == 404
    scan.refresh_from_db()
    assert scan.organisation is None


def test_a_scan_that_another_business_saved_is_refused_with_the_reason(client):
    first, second = OrganisationFactory(), OrganisationFactory()
    scan, token = finished()
    services.claim_scan(by=member_of(first), token=token, organisation=first)
    client.force_login(member_of(second))
    page = client.post(f"/scan/{token}/bewaren/", {"organisation": second.pk})
    assert page.status_code == 409
    assert 'id="error-summary"' in page.content.decode()
    scan.refresh_from_db()
    assert scan.organisation == first


def test_another_business_scan_does_not_exist_in_my_trede(client):
    organisation = OrganisationFactory()
    scan, token = finished()
    services.claim_scan(by=member_of(organisation), token=token, organisation=organisation)
    assert client.get(f"/mijn/scans/{scan.pk}/").status_code == 302  # to the login
    client.force_login(member_of(OrganisationFactory()))
    for path in ("", "verwijderen/"):
        assert client.get(f"/mijn/scans/{scan.pk}/{path}").status_code == 404
    assert client.post(f"/mijn/scans/{scan.pk}/verwijderen/").status_code == 404
    assert client.post(f"/mijn/scans/{scan.pk}/stappen/", {"stap-KASSA": "done"}).status_code == 404
    assert client.get(f"/mijn/scans/{10**25}/").status_code == 404
    assert f"/mijn/scans/{scan.pk}/" not in client.get("/mijn/scans/").content.decode()
    assert Scan.objects.exists()
    assert not scan.progress.exists()


def test_the_list_of_saved_scans_takes_the_same_queries_for_three_as_for_thirty(client, django_assert_num_queries):
    organisation = OrganisationFactory()
    user = member_of(organisation)
    client.force_login(user)

    def save(number):
        for _scan in range(number):
            _made, token = finished()
            services.claim_scan(by=user, token=token, organisation=organisation)

    save(3)
    with translation.override("nl"):
        client.get("/mijn/scans/")
        with django_assert_num_queries(SAVED_SCANS_QUERIES) as few:
            client.get("/mijn/scans/")
        save(27)
        with django_assert_num_queries(len(few)):
            assert client.get("/mijn/scans/").content.decode().count("/mijn/scans/") >= 25


def test_a_scan_that_is_forgotten_between_looking_and_locking_is_not_there(client, monkeypatch):
    _scan, token = finished()
    by_token = Scan.objects.by_token

    def forgotten_meanwhile(secret):
        scan = by_token(secret)
        Scan.objects.filter(pk=scan.pk).delete()
        return scan

    monkeypatch.setattr(Scan.objects, "by_token", forgotten_meanwhile)
    assert client.post(f"/scan/{token}/verwijderen/").status_code == 404
