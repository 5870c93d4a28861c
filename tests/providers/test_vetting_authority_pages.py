"""The authority's pages of vetting: verdicts, decisions, measures and lists, in a fixed number of queries."""

import datetime as dt
import re

import pytest

from accounts.enums import Role
from core.enums import HandRole
from providers import services
from providers.enums import DossierState, ProviderState
from providers.models import Dossier, VettingDecision
from tests.factories.accounts import MembershipFactory, official
from tests.factories.providers import (
    ProviderFactory,
    advised_dossier,
    judged_dossier,
    provider_member,
    submitted_dossier,
)
from tests.moments import MONDAY
from tests.providers.pages import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checklist", "monday")]


# --- checking and deciding --------------------------------------------------------------------------------------------


def test_the_whole_road_by_pages_ends_in_an_admission_and_a_letter(as_, provider, member, assessor, decider):
    dossier = submitted_dossier(provider, by=member)
    client = as_(assessor)
    assert dossier.number in client.get(at("vetting_queue")).content.decode()
    assert client.post(at("review_act", dossier.pk, "oppakken")).status_code == 302
    for code in dossier.items.values_list("code", flat=True):
        form = {"verdict": "met", "note": "Zelf gezien."}
        assert client.post(at("review_item", dossier.pk, code), form).status_code == 302, code
    page = client.get(at("review", dossier.pk))
    assert page.context["objections"] == []
    advice = {"advice": "approve", "text": "Alles in orde."}
    assert client.post(at("review_act", dossier.pk, "advies"), advice).status_code == 302
    client = as_(decider)
    assert client.get(at("review_act", dossier.pk, "goedkeuren")).status_code == 200
    done = client.post(at("review_act", dossier.pk, "goedkeuren"), {"text": "Voldoet aan alle eisen."})
    assert done.status_code == 302
    again = client.post(at("review_act", dossier.pk, "goedkeuren"), {"text": "Nog eens."})
    assert again.status_code == 409
    provider.refresh_from_db()
    assert provider.state == ProviderState.ADMITTED
    letter = as_(member).get(at("vetting_decision", VettingDecision.objects.get().pk))
    assert letter.status_code == 200
    assert "Voldoet aan alle eisen." in letter.content.decode()
    assert as_(provider_member(ProviderFactory())).get(letter.wsgi_request.path).status_code == 404


def test_a_verdict_that_is_not_possible_is_shown_again_with_every_reason(as_, provider, member, assessor):
    dossier = services.take_up(by=assessor, dossier=submitted_dossier(provider, by=member))
    client = as_(assessor)
    page = client.post(at("review_item", dossier.pk, "ORG-05"), {"verdict": "met", "valid_until": "2050-01-01"})
    assert page.status_code == 422
    assert [reason.code.name for reason in page.context["reasons"]] == ["NOTE_NEEDED", "UNTIL_TOO_LATE"]
    assert client.post(at("review_item", dossier.pk, "ORG-05"), {"verdict": "not_applicable"}).status_code == 422
    assert client.post(at("review_item", dossier.pk, "ORG-05"), {"verdict": "great"}).status_code == 422
    assert client.post(at("review_item", dossier.pk, "ORG-05"), {}).status_code == 422
    assert client.post(at("review_item", dossier.pk, "PRC-01"), {"verdict": "met"}).status_code == 404
    assert dossier.items.get(code="ORG-05").verdict == ""


def test_the_same_person_in_a_second_role_is_told_so_on_the_page(as_, provider, member):
    both = official(Role.ASSESSOR, Role.DECIDER)
    dossier = advised_dossier(provider, by=member, assessor=both)
    page = as_(both).post(at("review_act", dossier.pk, "goedkeuren"), {"text": "Voldoet."})
    assert page.status_code == 422
    assert [reason.code.name for reason in page.context["reasons"]] == ["OTHER_HAND"]
    dossier.refresh_from_db()
    assert dossier.state == DossierState.ADVISED


def test_asking_more_reaches_the_provider_and_the_answer_comes_back(as_, provider, member, assessor):
    dossier = judged_dossier(provider, by=member, assessor=assessor)
    question = {"text": "Graag een nieuw uittreksel.", "due_on": "2026-12-10"}
    assert as_(assessor).post(at("review_act", dossier.pk, "navragen"), question).status_code == 302
    assert as_(assessor).post(at("review_act", dossier.pk, "navragen"), question).status_code == 409
    page = as_(member).get(at("dossier", dossier.pk))
    assert "Graag een nieuw uittreksel." in page.content.decode()
    assert as_(member).post(at("dossier_submit", dossier.pk), {"true": "on", "reply": "Komt eraan"}).status_code == 302


@pytest.mark.parametrize("due", ["2026-11-23", "2020-01-01", "2030-01-01", "gauw"])
def test_a_term_to_answer_lies_ahead_and_not_too_far(as_, provider, member, assessor, due):
    dossier = judged_dossier(provider, by=member, assessor=assessor)
    page = as_(assessor).post(at("review_act", dossier.pk, "navragen"), {"text": "Vraag", "due_on": due})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["due_on"])


def test_a_suspension_by_pages_needs_a_notice_first(as_, assessor, decider):
    provider = ProviderFactory(admitted=True)
    member = provider_member(provider)
    measure = {"grounds": ["complaint"], "text": "Klacht niet opgelost."}
    page = as_(decider).post(at("vetting_provider_act", provider.slug, "schorsen"), measure)
    assert page.status_code == 422
    assert [reason.code.name for reason in page.context["reasons"]] == ["INTENT_NEEDED"]
    announce = {"measure": "suspend", "text": "Wij willen u schorsen."}
    assert as_(assessor).post(at("vetting_provider_act", provider.slug, "voornemen"), announce).status_code == 302
    assert "Wij willen u schorsen." in as_(member).get(at("provider_page", provider.slug)).content.decode()
    for _time in range(2):
        answer = as_(member).post(at("provider_react", provider.slug), {"text": "Niet terecht."})
        assert answer.status_code == 302
    assert as_(decider).post(at("vetting_provider_act", provider.slug, "schorsen"), measure).status_code == 302
    provider.refresh_from_db()
    assert provider.state == ProviderState.SUSPENDED
    lift = as_(decider).post(at("vetting_provider_act", provider.slug, "herstellen"), {"text": "Opgelost."})
    assert lift.status_code == 302
    provider.refresh_from_db()
    assert provider.state == ProviderState.ADMITTED
    for decision in VettingDecision.objects.all():
        assert as_(member).get(at("vetting_decision", decision.pk)).status_code == 200


# --- lists ------------------------------------------------------------------------------------------------------------


def _queue_of(count: int) -> None:
    for number in range(count):
        Dossier.objects.create(
            provider=ProviderFactory(organisation__legal_name=f"Aanbieder {number:02d} B.V."),
            kind="admission",
            state=DossierState.SUBMITTED,
            rules_version="vetting-2024-1",
            started_at=MONDAY - dt.timedelta(days=number),
            submitted_at=MONDAY - dt.timedelta(days=number),
            checked_at=MONDAY,
            first_answer_due=dt.date(2026, 12, 21) - dt.timedelta(days=number),
        )


def test_the_queue_is_oldest_first_and_says_what_is_late(as_, assessor):
    _queue_of(32)
    page = as_(assessor).get(at("vetting_queue"))
    assert [row["age"] for row in page.context["rows"][:3]] == [31, 30, 29]
    assert [row["late"] for row in page.context["rows"][:4]] == [True, True, True, False]
    assert len(page.context["rows"]) == 25
    assert len(as_(assessor).get(at("vetting_queue") + "?page=2").context["rows"]) == 7


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=Aanbieder+03", 1),
        ("q=aanbieder", 5),
        ("state=submitted", 5),
        ("state=approved", 0),
        ("kind=listing", 0),
        ("kind=admission&ordering=-provider", 5),
        ("page=999", 5),
        ("page=x", 5),
        ("q=T-99999999999999999999999", 0),
    ],
)
def test_the_queue_is_searched_and_filtered_in_the_address(as_, assessor, query, found):
    _queue_of(5)
    page = as_(assessor).get(f"{at('vetting_queue')}?{query}")
    assert page.status_code == 200
    assert page.context["page"].paginator.count == found


@pytest.mark.parametrize("query", ["state=nonsense", "kind=%27", "q=%00", "ordering=password", f"q={'x' * 5000}"])
def test_a_filter_that_does_not_exist_is_an_error_on_the_page(as_, assessor, query):
    page = as_(assessor).get(f"{at('vetting_queue')}?{query}")
    assert page.status_code == 422


def test_a_dossier_is_found_by_its_number(as_, assessor, provider, member):
    dossier = submitted_dossier(provider, by=member)
    _queue_of(3)
    page = as_(assessor).get(at("vetting_queue"), {"q": dossier.number})
    assert [row["dossier"].pk for row in page.context["rows"]] == [dossier.pk]


def test_the_lists_as_csv_hold_no_formula(as_, assessor):
    Dossier.objects.create(
        provider=ProviderFactory(organisation__legal_name="=HYPERLINK(1)"),
        kind="admission",
        state=DossierState.SUBMITTED,
        rules_version="vetting-2024-1",
        started_at=MONDAY,
        submitted_at=MONDAY,
        checked_at=MONDAY,
        first_answer_due=dt.date(2026, 12, 21),
    )
    for name in ("vetting_queue_csv", "vetting_providers_csv"):
        text = as_(assessor).get(at(name)).content.decode("utf-8-sig")
        assert "'=HYPERLINK(1)" in text
        assert not re.search(r"(^|,)=", text, re.MULTILINE)


def _queries(django_assert_max_num_queries, client, url: str) -> int:
    with django_assert_max_num_queries(60) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_the_lists_ask_the_database_as_much_for_three_as_for_twenty(as_, assessor, django_assert_max_num_queries):
    client = as_(assessor)
    counts = []
    for more in (3, 17):
        _queue_of(more)
        urls = (at("vetting_queue"), at("vetting_providers"), at("vetting_queue_csv"), at("vetting_providers_csv"))
        counts.append([_queries(django_assert_max_num_queries, client, url) for url in urls])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


def test_a_dossier_page_does_not_ask_per_item(as_, provider, member, assessor, django_assert_max_num_queries):
    dossier = submitted_dossier(provider, by=member)
    pages = {
        as_(member): [at("dossier", dossier.pk), at("provider_page", provider.slug)],
    }
    for client, urls in pages.items():
        for url in urls:
            assert _queries(django_assert_max_num_queries, client, url) <= 16
    client = as_(assessor)
    assert _queries(django_assert_max_num_queries, client, at("review", dossier.pk)) <= 16
    assert _queries(django_assert_max_num_queries, client, at("review_item", dossier.pk, "ORG-01")) <= 16


def test_every_page_exists_in_english_too(as_, provider, member, assessor):
    dossier = submitted_dossier(provider, by=member)
    for person, urls in (
        (member, [at("provider_home"), at("dossier", dossier.pk), at("provider_register")]),
        (assessor, [at("vetting_queue"), at("review", dossier.pk), at("vetting_provider", provider.slug)]),
    ):
        for url in urls:
            page = as_(person).get(f"/en{url}", follow=True)
            assert page.status_code == 200
            assert '<html lang="en"' in page.content.decode()


def test_a_role_home_can_ask_what_waits_for_whom(provider, member, assessor, decider):
    dossier = submitted_dossier(provider, by=member)
    assert list(Dossier.objects.awaiting_assessor()) == [dossier]
    services.take_up(by=assessor, dossier=dossier)
    for item in dossier.items.all():
        services.give_verdict(by=assessor, dossier=dossier, code=item.code, verdict="met", note="Gezien.")
    services.advise(by=assessor, dossier=dossier, advice="approve", text="Goed.")
    MembershipFactory(person=assessor, organisation=decider.memberships.first().organisation, role=Role.DECIDER)
    assert list(Dossier.objects.awaiting_decision().open_to(decider, HandRole.DECIDER)) == [dossier]
    assert not Dossier.objects.awaiting_decision().open_to(assessor, HandRole.DECIDER).exists(), (
        "who advised does not decide"
    )


def test_the_advice_is_the_main_button_and_the_question_a_second_one(as_, provider, member, assessor):
    dossier = services.take_up(by=assessor, dossier=submitted_dossier(provider, by=member))
    page = as_(assessor).get(at("review", dossier.pk))
    assert [one["slug"] for one in page.context["acts"]] == ["advies", "navragen", "voornemen"]


def test_who_belongs_to_the_provider_finds_nothing_of_it_to_check(provider, member, assessor):
    dossier = submitted_dossier(provider, by=member)
    assert list(Dossier.objects.open_to(assessor, HandRole.ASSESSOR)) == [dossier]
    MembershipFactory(person=assessor, organisation=provider.organisation)
    assessor.refresh_from_db()
    assert list(Dossier.objects.open_to(assessor, HandRole.ASSESSOR)) == []
