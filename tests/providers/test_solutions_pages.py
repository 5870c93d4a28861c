"""A provider's own solutions and the authority's view of them as pages: whose they are, double clicks, wrong input."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from providers.enums import ConcernKind, DossierKind, SolutionState
from providers.models import Concern, Dossier, FeedbackInvitation, Package, Solution
from tests.factories.accounts import SectorFactory, member_of, official
from tests.factories.catalogue import CategoryFactory, InvitationFactory, PackageFactory, SolutionFactory, answered
from tests.factories.providers import ProviderFactory, load_checklist
from tests.moments import MONDAY, TODAY
from tests.providers.pages import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def provider():
    return ProviderFactory(admitted=True)


@pytest.fixture
def member(provider, client):
    user = member_of(provider.organisation)
    client.force_login(user)
    return user


def new_solution(**changes):
    given = {
        "name": "Boekmaat",
        "category": CategoryFactory().pk,
        "summary": "Bonnetjes vanzelf geboekt.",
        "description": "Wij richten het in.",
        "min_level": "1",
        "max_level": "4",
        "once": str(uuid.uuid4()),
    }
    return {**given, **changes}


def new_package(**changes):
    given = {
        "name": "Basis",
        "included": "Inrichten",
        "one_off": "500,00",
        "monthly": "25",
        "max_quantity": "1",
        "term_months": "12",
        "once": str(uuid.uuid4()),
    }
    return {**given, **changes}


def new_customer(**changes):
    given = {
        "company": "Bakkerij Kruim",
        "kvk": "41234567",
        "name": "Kim",
        "email": "kim@kruim.example",
        "in_use_since": "2025-01-15",
        "once": str(uuid.uuid4()),
    }
    return {**given, **changes}


# --- making ----------------------------------------------------------------------------------------------------------------


def test_from_nothing_to_a_dossier(client, member, provider):
    load_checklist()
    assert client.get(reverse("providers:my_solutions")).status_code == 200
    made = client.post(reverse("providers:my_solution_new"), new_solution(sectors=[SectorFactory().pk]))
    solution = Solution.objects.get()
    assert made["Location"] == reverse("providers:my_solution", args=[solution.pk])
    client.post(reverse("providers:my_package_new", args=[solution.pk]), new_package())
    client.post(reverse("providers:my_references", args=[solution.pk]), new_customer())
    assert FeedbackInvitation.objects.get().email == "kim@kruim.example"
    page = text(client.get(reverse("providers:my_solution", args=[solution.pk])))
    assert "800,00" in page
    started = client.post(reverse("providers:my_solution_vetting", args=[solution.pk]))
    dossier = Dossier.objects.get()
    assert dossier.kind == DossierKind.LISTING
    assert started["Location"] == reverse("providers:dossier", args=[dossier.pk])
    again = client.post(reverse("providers:my_solution_vetting", args=[solution.pk]))
    assert again["Location"] == started["Location"]
    assert Dossier.objects.count() == 1


def test_a_double_click_makes_one(client, member, provider):
    solution = SolutionFactory(provider=provider)
    for address, data, model in [
        (reverse("providers:my_solution_new"), new_solution(), Solution),
        (reverse("providers:my_package_new", args=[solution.pk]), new_package(), Package),
        (reverse("providers:my_references", args=[solution.pk]), new_customer(), FeedbackInvitation),
    ]:
        before = model.objects.count()
        first, second = client.post(address, data), client.post(address, data)
        assert (first.status_code, second.status_code) == (302, 302)
        assert model.objects.count() == before + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "\x00"},
        {"summary": "x" * 201},
        {"description": "x" * 4001},
        {"category": "NIETS"},
        {"min_level": "0"},
        {"min_level": "4", "max_level": "1"},
        {"sectors": ["NIETS"]},
        {"provinces": ["PV99"]},
        {"once": "geen-uuid"},
        {"once": ""},
    ],
)
def test_a_wrong_description_is_told_and_what_was_written_stays(client, member, wrong):
    response = client.post(reverse("providers:my_solution_new"), new_solution(**wrong))
    assert response.status_code == 422
    assert "error-summary" in text(response)
    if "description" not in wrong:
        assert "Wij richten het in." in text(response)
    assert not Solution.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"one_off": "", "monthly": ""},
        {"one_off": "gratis"},
        {"one_off": "-1"},
        {"one_off": "1e400"},
        {"one_off": "0,001"},
        {"one_off": "99999999999999999999"},
        {"monthly": "NaN"},
        {"monthly": "١٢"},
        {"hardware_price": "501"},
        {"max_quantity": "0"},
        {"max_quantity": "100000"},
        {"term_months": "-1"},
        {"included": ""},
        {"name": "x" * 81},
    ],
)
def test_a_wrong_package_is_told(client, member, provider, wrong):
    solution = SolutionFactory(provider=provider)
    response = client.post(reverse("providers:my_package_new", args=[solution.pk]), new_package(**wrong))
    assert response.status_code == 422
    assert "error-summary" in text(response)
    assert not solution.packages.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kvk": "123"},
        {"kvk": "0000000a"},
        {"email": "geen-adres"},
        {"in_use_since": "gisteren"},
        {"in_use_since": "2026-11-24"},
        {"in_use_since": "0026-01-01"},
        {"in_use_since": "2026-08-01"},
        {"sector": "NIETS"},
        {"company": "x" * 161},
    ],
)
def test_a_wrong_customer_is_told(client, member, provider, wrong):
    solution = SolutionFactory(provider=provider)
    response = client.post(reverse("providers:my_references", args=[solution.pk]), new_customer(**wrong))
    assert response.status_code == 422
    assert "error-summary" in text(response)
    assert not FeedbackInvitation.objects.exists()


def test_the_provider_sees_who_answered_and_never_what(client, member, provider):
    solution = SolutionFactory(listed=True, provider=provider)
    answered(solution, "43.7", company="Bakkerij Kruim")
    page = text(client.get(reverse("providers:my_references", args=[solution.pk])))
    assert "Bakkerij Kruim" in page
    assert ">beantwoord</" in page
    assert "43,7" not in page
    own = text(client.get(reverse("providers:my_solution", args=[solution.pk])))
    assert "43,7" not in own


def test_a_live_solution_is_not_edited_but_gets_a_new_price(client, member, provider):
    solution = SolutionFactory(listed=True, provider=provider)
    package = solution.packages.get()
    assert client.post(reverse("providers:my_solution_edit", args=[solution.pk]), new_solution()).status_code == 422
    address = reverse("providers:my_price", args=[solution.pk, package.pk])
    assert client.get(address).status_code == 200
    past = client.post(address, {"one_off": "900", "monthly": "40", "valid_from": "2026-11-23"})
    assert past.status_code == 422
    done = client.post(address, {"one_off": "900", "monthly": "40", "valid_from": "2027-01-01"})
    assert done.status_code == 302
    assert package.prices.filter(approved_at=None).count() == 1
    assert client.get(reverse("providers:my_solution", args=[solution.pk])).status_code == 200


def test_every_page_of_a_solution_opens_in_every_state(client, member, provider):
    more = {"notice_on": TODAY, "notice_until": TODAY + dt.timedelta(days=30)}
    rows = [
        SolutionFactory(provider=provider),
        SolutionFactory(listed=True, provider=provider),
        SolutionFactory(preferred=True, provider=provider),
        SolutionFactory(preferred=True, provider=provider, state=SolutionState.ON_NOTICE, **more),
        SolutionFactory(listed=True, provider=provider, state=SolutionState.SUSPENDED, suspended_at=MONDAY),
        SolutionFactory(listed=True, provider=provider, state=SolutionState.RETIRED, retired_at=MONDAY),
    ]
    for solution in rows:
        for name in ("my_solution", "my_solution_edit", "my_references", "my_solution_reply", "my_solution_retire"):
            assert client.get(reverse(f"providers:{name}", args=[solution.pk])).status_code == 200, name


def test_stopping_asks_first_and_is_final(client, member, provider):
    solution = SolutionFactory(listed=True, provider=provider)
    address = reverse("providers:my_solution_retire", args=[solution.pk])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    solution.refresh_from_db()
    assert solution.state == SolutionState.RETIRED


# --- whose it is -------------------------------------------------------------------------------------------------------------


def doors(solution):
    package = solution.packages.first() or PackageFactory(solution=solution)
    invitation = InvitationFactory(solution=solution)
    one = {name: [solution.pk] for name in ("my_solution", "my_solution_edit", "my_package_new", "my_references")}
    one |= {name: [solution.pk] for name in ("my_solution_vetting", "my_solution_reply", "my_solution_retire")}
    one |= {name: [solution.pk, package.pk] for name in ("my_package", "my_package_drop", "my_price")}
    one["my_reference_resend"] = [solution.pk, invitation.pk]
    return [reverse(f"providers:{name}", args=args) for name, args in one.items()]


def test_another_providers_solution_does_not_exist(client, member):
    solution = SolutionFactory(listed=True)
    for address in doors(solution):
        answers = {client.post(address, {}).status_code, client.get(address).status_code}
        assert 404 in answers, address
        assert answers <= {404, 405}, address
    solution.refresh_from_db()
    assert solution.state == SolutionState.LISTED


def test_a_package_of_another_solution_does_not_exist(client, member, provider):
    mine, other = SolutionFactory(provider=provider), PackageFactory()
    for name in ("my_package", "my_price"):
        assert client.get(reverse(f"providers:{name}", args=[mine.pk, other.pk])).status_code == 404
    client.post(reverse("providers:my_package_drop", args=[mine.pk, other.pk]))
    assert Package.objects.filter(pk=other.pk).exists()


def test_without_login_every_private_page_asks_for_it(client):
    solution = SolutionFactory(listed=True)
    for address in [*doors(solution), reverse("providers:my_solutions"), reverse("providers:vetting_solutions")]:
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302, address
            assert response["Location"].startswith("/account/login/"), address


def test_officials_do_not_act_as_the_provider(client):
    solution = SolutionFactory(listed=True)
    client.force_login(official(Role.ASSESSOR, Role.DECIDER))
    assert client.get(reverse("providers:my_solution", args=[solution.pk])).status_code == 404


# --- the authority -------------------------------------------------------------------------------------------------------------


def test_a_decider_suspends_and_reinstates(client):
    solution = SolutionFactory(listed=True)
    client.force_login(official(Role.DECIDER))
    assert client.get(reverse("providers:vetting_solutions"), {"q": solution.name}).status_code == 200
    assert client.get(reverse("providers:vetting_solution", args=[solution.pk])).status_code == 200
    suspend = reverse("providers:vetting_solution_act", args=[solution.pk, "schorsen"])
    assert client.get(suspend).status_code == 200
    assert client.post(suspend, {"text": ""}).status_code == 422
    why = {"grounds": ["complaint"], "text": "Reageert niet."}
    assert client.post(suspend, why).status_code == 422, "not announced, and no word why it cannot wait"
    assert client.post(suspend, {**why, "urgent": "Gegevens gaan verloren."}).status_code == 302
    assert client.post(suspend, {**why, "urgent": "Gegevens gaan verloren."}).status_code == 409
    restore = reverse("providers:vetting_solution_act", args=[solution.pk, "herstellen"])
    assert client.post(restore).status_code == 422
    assert client.post(restore, {"text": "Opgelost."}).status_code == 302
    solution.refresh_from_db()
    assert solution.state == SolutionState.LISTED


def test_a_concern_is_noted_by_one_and_decided_by_another(client):
    solution = SolutionFactory(listed=True)
    client.force_login(official(Role.ASSESSOR))
    note = reverse("providers:vetting_solution_act", args=[solution.pk, "melding"])
    assert client.post(note, {"kind": ConcernKind.COMPLAINT, "text": "Geen hulp."}).status_code == 302
    decide = reverse("providers:vetting_solution_act", args=[solution.pk, "afhandelen"])
    concern = Concern.objects.get()
    answer = {"concern": concern.pk, "upheld": "false", "text": "Was opgelost."}
    assert client.post(decide, answer).status_code == 403
    client.force_login(official(Role.DECIDER))
    assert client.post(decide, answer).status_code == 302
    concern.refresh_from_db()
    assert concern.upheld is False
    assert client.get(reverse("providers:vetting_solution", args=[solution.pk])).status_code == 200


def test_a_concern_of_another_solution_cannot_be_decided_here(client):
    solution = SolutionFactory(listed=True)
    other = Concern.objects.create(
        solution=SolutionFactory(listed=True), kind=ConcernKind.COMPLAINT, text="x", raised_at=MONDAY
    )
    client.force_login(official(Role.DECIDER))
    decide = reverse("providers:vetting_solution_act", args=[solution.pk, "afhandelen"])
    answer = {"concern": other.pk, "upheld": "false", "text": "x"}
    assert client.post(decide, answer).status_code == 422


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_who_may_only_read_decides_nothing(client, role):
    solution = SolutionFactory(listed=True)
    client.force_login(official(role))
    assert client.get(reverse("providers:vetting_solution", args=[solution.pk])).status_code == 200
    for act in ("schorsen", "herstellen", "herberekenen", "melding", "afhandelen"):
        address = reverse("providers:vetting_solution_act", args=[solution.pk, act])
        assert client.post(address, {"text": "x"}).status_code == 403


def test_members_have_no_business_at_the_authority(client, member):
    solution = SolutionFactory(listed=True)
    assert client.get(reverse("providers:vetting_solutions")).status_code == 403
    assert client.get(reverse("providers:vetting_solution", args=[solution.pk])).status_code == 403


@pytest.mark.parametrize("ordering", ["name", "-name", "provider", "-state", "counted", "-concerns", "nonsense", "-"])
def test_the_officials_list_is_sorted_searched_and_downloaded(client, ordering):
    SolutionFactory(listed=True, name="=GEVAAR()")
    SolutionFactory(listed=True, name="Anders")
    client.force_login(official(Role.AUDITOR))
    assert client.get(reverse("providers:vetting_solutions"), {"ordering": ordering}).status_code == 200
    download = client.get(reverse("providers:vetting_solutions_csv"), {"ordering": ordering, "q": "gevaar"})
    assert download["Content-Type"].startswith("text/csv")
    assert "'=GEVAAR()" in download.content.decode()
    assert "Anders" not in download.content.decode()


@pytest.mark.parametrize("ordering", ["price", "-price", "answers", "-state", "category", "\x00"])
def test_my_list_is_sorted(client, member, provider, ordering):
    SolutionFactory(listed=True, provider=provider)
    assert client.get(reverse("providers:my_solutions"), {"ordering": ordering}).status_code == 200


def test_an_act_that_does_not_exist_is_not_found(client):
    client.force_login(official(Role.DECIDER))
    solution = SolutionFactory(listed=True)
    assert client.get(reverse("providers:vetting_solution_act", args=[solution.pk, "wissen"])).status_code == 404
    assert client.get(reverse("providers:vetting_solution_act", args=[99999, "schorsen"])).status_code == 404


def test_the_lists_stay_at_the_same_number_of_queries(client, member, provider):
    def count(address):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    def fill(number):
        for _n in range(number):
            InvitationFactory(solution=SolutionFactory(listed=True, provider=provider))

    fill(3)
    mine = reverse("providers:my_solutions")
    count(mine)
    few = count(mine)
    auditor = official(Role.AUDITOR)
    client.force_login(auditor)
    every = reverse("providers:vetting_solutions")
    count(every)
    many = count(every)
    fill(27)
    count(every)
    assert count(every) == many
    assert many <= 12
    client.force_login(member)
    count(mine)
    assert count(mine) == few
