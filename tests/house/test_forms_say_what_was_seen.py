"""Who judges sends along what the page showed: every form on the officials' pages of a case has it (docs/adr/0032).

The pages are found by their address, so that a new one cannot be forgotten; each is opened in the states that have forms.
"""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from accounts.enums import Role
from core.money import ZERO
from providers.enums import ConcernKind
from providers.services import raise_concern
from providers.views import solutions_acts, vetting_acts
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.factories.catalogue import SolutionFactory, answered
from tests.factories.claims import advised_claim, announced, case, determined_claim, paid_claim, submitted_claim
from tests.factories.providers import ProviderFactory, load_checklist, provider_member, submitted_dossier
from tests.forms import forms_of
from tests.vouchers.pages import login
from vouchers import services
from vouchers.enums import DecisionKind, ReclaimGround, RevocationGround
from vouchers.models import Claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

OF_OFFICIALS = ("beoordelen/", "beslissen/", "toetsing/")
NO_FORM = {
    "vouchers:assess_queue": "a list",
    "vouchers:decide_queue": "a list",
    "vouchers:claim_queue": "a list",
    "vouchers:objections": "a list",
    "providers:vetting_queue": "a list",
    "providers:vetting_queue_csv": "a list",
    "providers:vetting_providers": "a list",
    "providers:vetting_providers_csv": "a list",
    "providers:vetting_solutions": "a list",
    "providers:vetting_solutions_csv": "a list",
    "providers:evidence": "a file",
    "providers:vetting_decision": "a letter",
    "providers:review": "links to a page per step",
    "providers:vetting_provider": "links to a page per step",
    "providers:vetting_solution": "links to a page per step",
    "providers:review_item": "verdicts on items are given side by side; the advice on the dossier asks what was seen",
    "vouchers:claim_take_up": "a button of claim_review, without a page of its own",
    "vouchers:claim_release": "a button of claim_review, without a page of its own",
}


def all_say_what_was_seen(answer, number: int, subject) -> None:
    assert answer.status_code == 200, answer.status_code
    forms = forms_of(answer)
    assert len(forms) >= number, "a page without its forms shows nothing"
    for fields in forms:
        assert fields.get("seen", "").startswith(f"{subject.case()}@"), fields


def opens(browser, name: str, *args, number: int, subject) -> None:
    all_say_what_was_seen(browser.get(reverse(name, args=args)), number, subject)


# --- the pages there are -----------------------------------------------------------------------------------------------


def _addresses(patterns, prefix="", namespace=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, f"{namespace}{pattern.name}"
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern.url_patterns, route, inner)


def test_no_page_of_an_official_about_a_case_is_forgotten():
    pages = {name for route, name in _addresses(get_resolver().url_patterns) if route.startswith(OF_OFFICIALS)}
    asked = {
        "vouchers:assess_case",
        "vouchers:decide_case",
        "vouchers:objection",
        "vouchers:voucher_review",
        "vouchers:claim_review",
        "vouchers:claim_reclaim",
        *OF_A_CLAIM,
        "providers:review_act",
        "providers:vetting_provider_act",
        "providers:vetting_solution_act",
    }
    assert pages == asked | set(NO_FORM)


# --- applications ------------------------------------------------------------------------------------------------------


def test_on_the_assessor_s_page_of_an_application():
    waiting = make.submitted_application()
    assessor = official(Role.ASSESSOR)
    opens(login(assessor), "vouchers:assess_case", waiting.pk, number=2, subject=waiting)
    reviewed = make.reviewed_application(assessor=assessor)
    opens(login(assessor), "vouchers:assess_case", reviewed.pk, number=3, subject=reviewed)


def test_on_the_decider_s_page_of_an_application():
    browser = login(official(Role.DECIDER))
    advised = make.advised_application()
    opens(browser, "vouchers:decide_case", advised.pk, number=4, subject=advised)
    assessor = official(Role.ASSESSOR)
    asked = make.reviewed_application(assessor=assessor)
    services.ask_more(by=assessor, application=asked, question="Waar is de offerte?")
    opens(browser, "vouchers:decide_case", asked.pk, number=1, subject=asked)


def test_on_the_page_of_an_objection_and_on_its_confirmation():
    refusal = make.refused()
    objection = services.file_objection(by=refusal.application.created_by, decision=refusal, text="Ik ben het oneens.")
    browser, where = login(official(Role.DECIDER)), reverse("vouchers:objection", args=[objection.pk])
    page = browser.get(where)
    all_say_what_was_seen(page, 2, objection)
    [first, *_others] = forms_of(page)
    ruling = {"action": "check", "ruling": "reject", "answer": "U krijgt ongelijk.", "seen": first["seen"]}
    all_say_what_was_seen(browser.post(where, ruling), 1, objection)


# --- vouchers and claims -----------------------------------------------------------------------------------------------


OF_A_CLAIM = {
    "vouchers:claim_ask": Role.ASSESSOR,
    "vouchers:claim_advise": Role.ASSESSOR,
    "vouchers:claim_decide": Role.DECIDER,
    "vouchers:claim_return": Role.DECIDER,
    "vouchers:claim_intend": Role.DECIDER,
    "vouchers:claim_withhold": Role.DECIDER,
}


@pytest.mark.parametrize("name", OF_A_CLAIM)
def test_on_every_page_of_one_step_with_a_claim(name):
    claim = advised_claim(case())
    opens(login(official(OF_A_CLAIM[name])), name, claim.pk, number=1, subject=claim)


def test_on_the_page_of_a_claim():
    sent = submitted_claim(case())
    opens(login(official(Role.ASSESSOR)), "vouchers:claim_review", sent.pk, number=1, subject=sent)
    them = case()
    held = services.withhold_claim(by=them.decider, claim=determined_claim(them), why="Aangifte van valsheid.")
    opens(login(them.decider), "vouchers:claim_review", held.pk, number=1, subject=held)


def test_on_the_page_of_a_voucher():
    them = case()
    browser = login(official(Role.DECIDER))
    opens(browser, "vouchers:voucher_review", them.voucher.number, number=1, subject=them.voucher)
    announced(them, them.voucher, DecisionKind.REVOCATION, RevocationGround.FALSE_DATA)
    opens(browser, "vouchers:voucher_review", them.voucher.number, number=1, subject=them.voucher)


def test_on_the_page_where_money_is_asked_back():
    them = case()
    claim = paid_claim(them)
    Claim.objects.filter(pk=claim.pk).update(determined_amount=claim.determined_amount - 500)
    claim.refresh_from_db()
    where = "vouchers:claim_reclaim"
    decider = official(Role.DECIDER)
    opens(login(decider), where, claim.pk, number=1, subject=claim)
    announced(them, claim, DecisionKind.RECLAIM, ReclaimGround.REVISED, amount="500.00")
    opens(login(decider), where, claim.pk, number=2, subject=claim)
    owed = services.decide_reclaim(
        by=decider, claim=claim, amount=claim.paid_amount - claim.determined_amount, ground=ReclaimGround.REVISED,
        explanation="Te veel betaald.",
    )  # fmt: skip
    assert owed.amount > ZERO
    treasurer = official(Role.TREASURER, Role.DECIDER)
    opens(login(treasurer), where, claim.pk, number=2, subject=claim)
    services.notify_reclaim(by=treasurer, reclaim=owed)
    opens(login(official(Role.TREASURER, Role.DECIDER)), where, claim.pk, number=3, subject=claim)


# --- vetting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", vetting_acts.ACTS)
def test_on_every_page_of_one_step_with_a_dossier(act):
    load_checklist()
    provider = ProviderFactory()
    dossier = submitted_dossier(provider, by=provider_member(provider))
    browser = login(official(vetting_acts.ACTS[act].role))
    opens(browser, "providers:review_act", dossier.pk, act, number=1, subject=dossier)


@pytest.mark.parametrize("act", vetting_acts.PROVIDER_ACTS)
def test_on_every_page_of_one_step_about_a_provider(act):
    provider = ProviderFactory(admitted=True)
    browser = login(official(vetting_acts.PROVIDER_ACTS[act].role))
    opens(browser, "providers:vetting_provider_act", provider.slug, act, number=1, subject=provider)


@pytest.mark.parametrize("act", solutions_acts.ACTS)
def test_on_every_page_of_one_step_about_a_solution(act):
    solution = SolutionFactory(preferred=True)
    answered(solution, 20)
    raise_concern(by=official(Role.ASSESSOR), solution=solution, kind=ConcernKind.COMPLAINT, text="Het werkt niet.")
    browser = login(official(solutions_acts.ACTS[act].role))
    opens(browser, "providers:vetting_solution_act", solution.pk, act, number=1, subject=solution)
