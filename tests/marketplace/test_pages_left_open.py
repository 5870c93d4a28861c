"""A page that stood open while somebody changed the case decides nothing: it is shown anew, with what was written."""

import re

import pytest

from accounts.enums import Role
from providers import services as vetting
from providers.enums import DossierState
from tests.factories import vouchers as make
from tests.factories.accounts import official
from tests.factories.claims import case, invoice, proven, submitted_claim
from tests.factories.providers import ProviderFactory, judged_dossier, load_checklist, provider_member
from tests.vouchers.pages import login, seen_on, url
from vouchers import services
from vouchers.enums import ApplicationState, ClaimState
from vouchers.models import Application, Claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "nobody_drawn")]

CHANGED = "Dit is veranderd nadat u het opende"


def test_the_advice_about_a_claim_is_about_the_invoice_that_was_looked_at():
    them = case()
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    where, browser = url("claim_advise", claim.pk), login(them.assessor)
    left_open = browser.get(where)
    services.ask_more_claim(by=them.assessor, claim=claim, question="Klopt de factuur?")
    claim = services.save_invoice(by=them.member, claim=claim, **invoice(them, number="F 78"))
    claim = services.submit_claim(by=them.member, claim=claim)
    claim = proven(them, services.take_up_claim(by=them.assessor, claim=claim))
    advice = {
        "text": "Alles gezien.",
        **{f"accept_{finding.code}": "yes" for finding in claim.findings if finding.outcome != "pass"},
        **{f"note_{finding.code}": "Zelf gezien." for finding in claim.findings if finding.outcome != "pass"},
    }
    stale = browser.post(where, {**advice, "seen": seen_on(left_open)})
    assert (stale.status_code, CHANGED in stale.content.decode()) == (409, True)
    assert "Alles gezien." in stale.content.decode()
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.IN_REVIEW
    assert browser.post(where, {**advice, "seen": seen_on(stale)}).status_code == 302
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.ADVISED


def test_the_decision_on_an_application_is_about_the_advice_that_was_read():
    application = make.advised_application()
    assessor, decider = application.advised_by, official(Role.DECIDER)
    where, browser = url("decide_case", application.pk), login(decider)
    left_open = browser.get(where)
    services.return_to_assessor(by=official(Role.DECIDER), application=application, why="Kijk nog eens.")
    services.advise(
        by=assessor, application=Application.objects.get(pk=application.pk), advice="refuse", text="Toch niet."
    )
    award = {"action": "award", "explanation": "Akkoord."}
    stale = browser.post(where, {**award, "seen": seen_on(left_open)})
    assert (stale.status_code, CHANGED in stale.content.decode()) == (409, True)
    assert Application.objects.get(pk=application.pk).state == ApplicationState.ADVISED


def test_a_dossier_is_approved_as_it_was_read():
    load_checklist()
    provider = ProviderFactory()
    assessor, decider = official(Role.ASSESSOR), official(Role.DECIDER)
    dossier = judged_dossier(provider, by=provider_member(provider), assessor=assessor)
    advice = {"advice": "approve", "text": "Alles is in orde."}
    dossier = vetting.advise(by=assessor, dossier=dossier, **advice)
    where = f"/toetsing/dossier/{dossier.pk}/goedkeuren/"
    browser = login(decider)
    read = browser.get(f"/toetsing/dossier/{dossier.pk}/").content.decode()
    [way] = re.findall(rf'href="({where}\?seen=[^"]+)"', read)
    dossier = vetting.return_to_assessor(by=official(Role.DECIDER), dossier=dossier, text="Kijk nog eens.")
    dossier = vetting.advise(by=assessor, dossier=dossier, **advice)
    late = browser.get(way)
    assert seen_on(late) == way.partition("?seen=")[2], "what the page before it showed"
    stale = browser.post(way, {"text": "Toegelaten.", "seen": seen_on(late)})
    assert (stale.status_code, CHANGED in stale.content.decode()) == (409, True)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.ADVISED
    assert browser.post(where, {"text": "Toegelaten.", "seen": seen_on(stale)}).status_code == 302


@pytest.mark.parametrize(
    "number",
    ["", "x", "@", "vouchers.application:1@٣", "vouchers.application:1@-1", f"vouchers.application:1@{'9' * 30}", "@1"],
)
def test_a_number_that_cannot_be_read_decides_nothing(number):
    application = make.advised_application()
    browser = login(official(Role.DECIDER))
    done = browser.post(url("decide_case", application.pk), {"action": "award", "explanation": "Ja.", "seen": number})
    assert (done.status_code, CHANGED in done.content.decode()) == (409, True)
    assert Application.objects.get(pk=application.pk).state == ApplicationState.ADVISED
