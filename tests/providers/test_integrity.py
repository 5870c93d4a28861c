"""A decision about integrity lasts until it is lifted, and an answer in doubt is withheld (DESIGN 4.6)."""

import datetime as dt

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.enums import Role
from core.models import AuditEntry, AuditPayload
from core.workflow import NotAuthorised
from providers import services
from providers.enums import ConcernKind, SolutionState, StandingMove, VettingDecisionKind
from providers.models import Concern, VettingDecision
from providers.rules.catalogue import CatalogueReason
from providers.rules.invitation import InvitationReason
from providers.rules.preferred import StandingReason
from providers.rules.standing import ConcernReason
from providers.services.facts import check_facts
from providers.services.standing import STANDING, recompute_standing, replay
from tests.factories.accounts import SectorFactory, member_of, official
from tests.factories.catalogue import SolutionFactory, answered
from tests.moments import MONDAY, TODAY, later
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def preferred():
    solution = SolutionFactory(listed=True)
    for _n in range(5):
        answered(solution, 20)
    judged(solution)
    assert solution.state == SolutionState.PREFERRED
    return solution


def judged(solution):
    done = services.recompute_standing(by=STANDING, solution=solution)
    solution.refresh_from_db()
    return done


def upheld(solution, decider, **doubt):
    concern = services.raise_concern(
        by=official(Role.ASSESSOR), solution=solution, kind=ConcernKind.INTEGRITY, text="Zelfde rekening.", **doubt
    )
    return services.resolve_concern(by=decider, concern=concern, upheld=True, text="Klanten waren van de eigenaar.")


def test_an_upheld_doubt_keeps_the_solution_off_the_list_run_after_run(preferred, decider):
    upheld(preferred, decider)
    for days in (0, 1, 40, 400):
        with later(days):
            answered(preferred, 20)
            run = judged(preferred)
        assert (run.move, preferred.state) == (StandingMove.STAY, SolutionState.LISTED)
        assert run.inputs["integrity_decisions"] == 1
        assert [ground["code"] for ground in run.outcome["grounds"]][:1] == [StandingReason.INTEGRITY_DECISION.value]
        assert replay(run)


def test_a_run_on_the_day_before_the_decision_does_not_know_of_it(preferred, decider):
    with later(2):
        upheld(preferred, decider)
        run = services.recompute_standing(by=STANDING, solution=preferred, on=TODAY + dt.timedelta(days=1))
    assert run.inputs["integrity_decisions"] == 0


def test_the_letter_gives_the_reasons_of_the_decider_and_names_the_doubt(
    preferred, decider, client, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        concern = upheld(preferred, decider)
    decision = VettingDecision.objects.get()
    assert decision.text == "Klanten waren van de eigenaar."
    assert decision.inputs["concern"] == concern.pk
    [letter] = mail.outbox
    assert "Klanten waren van de eigenaar." in letter.body
    client.force_login(member_of(preferred.provider.organisation))
    page = client.get(reverse("providers:vetting_decision", args=[decision.pk]))
    assertContains(page, "Klanten waren van de eigenaar.")
    assertContains(page, "twijfel over integriteit van 23 november 2026")
    assertNotContains(page, "Zelfde rekening.")


def test_after_it_was_lifted_the_solution_earns_its_place_anew(preferred, decider, django_capture_on_commit_callbacks):
    concern = upheld(preferred, decider)
    mail.outbox.clear()
    with later(30):
        with django_capture_on_commit_callbacks(execute=True):
            lifted = services.lift_concern(by=decider, concern=concern, text="De eigenaar is vertrokken.")
        assert (lifted.lifted_by, lifted.lifting) == (decider, "De eigenaar is vertrokken.")
        assert preferred.state == SolutionState.PREFERRED or judged(preferred).move == StandingMove.PREFER
        run = judged(preferred)
    assert preferred.state == SolutionState.PREFERRED
    assert run.inputs["integrity_decisions"] == 0
    decision = VettingDecision.objects.get(kind=VettingDecisionKind.LIFT)
    assert (decision.text, decision.decided_by) == ("De eigenaar is vertrokken.", decider)
    assert f"/toetsing/besluit/{decision.pk}/" in mail.outbox[0].body


def test_only_a_decision_that_holds_can_be_lifted_with_reasons_by_another_decider(preferred, decider, assessor):
    concern = upheld(preferred, decider)
    assert refusal(lambda: services.lift_concern(by=decider, concern=concern, text=" ")) == [
        CatalogueReason.TEXT_NEEDED
    ]
    for stranger in (assessor, member_of(preferred.provider.organisation), STANDING):
        with pytest.raises(NotAuthorised):
            services.lift_concern(by=stranger, concern=concern, text="Weg.")
    raiser = official(Role.ASSESSOR, Role.DECIDER)
    own = services.raise_concern(by=raiser, solution=preferred, kind=ConcernKind.INTEGRITY, text="x")
    services.resolve_concern(by=decider, concern=own, upheld=True, text="Ja.")
    assert refusal(lambda: services.lift_concern(by=raiser, concern=own, text="Weg.")) == [ConcernReason.OWN]
    services.lift_concern(by=decider, concern=concern, text="Weg.")
    assert refusal(lambda: services.lift_concern(by=decider, concern=concern, text="Weg.")) == [
        ConcernReason.NOT_UPHELD
    ]
    complaint = services.raise_concern(by=assessor, solution=preferred, kind=ConcernKind.COMPLAINT, text="x")
    services.resolve_concern(by=decider, concern=complaint, upheld=True, text="Ja.")
    assert refusal(lambda: services.lift_concern(by=decider, concern=complaint, text="Weg.")) == [
        ConcernReason.NOT_UPHELD
    ]


@pytest.mark.database
def test_the_database_lifts_only_what_was_upheld(preferred, decider):
    concern = Concern.objects.create(solution=preferred, kind=ConcernKind.INTEGRITY, text="x", raised_at=MONDAY)
    with pytest.raises(IntegrityError, match="concern_lifted_only_when_upheld"), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(lifted_at=MONDAY, lifted_by=decider, lifting="Weg.")


def act(solution, name):
    return reverse("providers:vetting_solution_act", args=[solution.pk, name])


def test_a_decision_about_integrity_is_lifted_on_a_page(preferred, decider, as_):
    concern = upheld(preferred, decider)
    page = as_(decider).get(reverse("providers:vetting_solution", args=[preferred.pk]))
    assertContains(page, act(preferred, "opheffen"))
    lift = act(preferred, "opheffen")
    assert as_(decider).post(lift, {"concern": concern.pk, "text": ""}).status_code == 422
    assert as_(official(Role.ASSESSOR)).post(lift, {"concern": concern.pk, "text": "Weg."}).status_code == 403
    assert as_(decider).post(lift, {"concern": concern.pk, "text": "Weg."}).status_code == 302
    page = as_(decider).get(reverse("providers:vetting_solution", args=[preferred.pk]))
    assertContains(page, "Weg.")
    assertNotContains(page, lift)


# --- answers in doubt --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.DECIDER])
def test_an_answer_is_withheld_on_a_page_and_the_public_sees_how_many(preferred, role, as_, client):
    official_ = official(role)
    report = preferred.invitations.first().report
    withhold = act(preferred, "achterhouden")
    form = as_(official_).get(withhold)
    assertContains(form, report.invitation.company)
    assert as_(official_).post(withhold, {"report": report.pk, "text": ""}).status_code == 422
    assert as_(official_).post(withhold, {"report": report.pk, "text": "Jan is familie."}).status_code == 302
    report.refresh_from_db()
    assert (report.withheld_at, report.withheld_text) == (MONDAY, "Jan is familie.")
    preferred.refresh_from_db()
    assert (preferred.standing.outcome["smes"], preferred.standing.outcome["withheld"]) == (4, 1)
    assertContains(as_(official_).get(reverse("providers:vetting_solution", args=[preferred.pk])), "Jan is familie.")
    client.logout()
    with later(35):  # what is shown changes once a month
        recompute_standing(by=STANDING, solution=preferred)
        page = client.get(reverse("providers:solution", args=[preferred.slug]))
    assertContains(page, "1 antwoord telt niet mee zolang wij het onderzoeken.")
    assert "Jan is familie." not in "".join(AuditEntry.objects.values_list("body", flat=True))
    assert "Jan is familie." in "".join(AuditPayload.objects.values_list("body", flat=True))
    again = act(preferred, "meetellen")
    assert as_(official_).post(again, {"report": report.pk, "text": "Geen familie."}).status_code == 302
    preferred.refresh_from_db()
    assert (preferred.standing.outcome["smes"], preferred.standing.outcome["withheld"]) == (5, 0)


def test_an_answer_of_another_solution_is_not_withheld_here(preferred, assessor, as_):
    other = answered(SolutionFactory(listed=True), 20)
    assert as_(assessor).post(act(preferred, "achterhouden"), {"report": other.pk, "text": "x"}).status_code == 422


def test_withholding_twice_or_without_reasons_or_by_others_is_refused(preferred, assessor):
    report = preferred.invitations.first().report
    withhold = {"by": assessor, "report": report}
    assert refusal(lambda: services.withhold_report(**withhold, text=" ")) == [CatalogueReason.TEXT_NEEDED]
    assert refusal(lambda: services.count_again(**withhold, text="x")) == [InvitationReason.COUNTS_SO]
    services.withhold_report(**withhold, text="Zelfde adres.")
    assert refusal(lambda: services.withhold_report(**withhold, text="Nog eens.")) == [InvitationReason.COUNTS_SO]
    for stranger in (official(Role.MANAGER), member_of(preferred.provider.organisation)):
        with pytest.raises(NotAuthorised):
            services.withhold_report(by=stranger, report=report, text="x")


# --- complaints and the machine checks ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("checklist")
def test_the_machine_checks_count_complaints_and_the_sectors_of_references(assessor, decider):
    solution = SolutionFactory(listed=True)
    provider = solution.provider
    member = member_of(provider.organisation)
    sectors = [SectorFactory(), SectorFactory(code="BOUW")]
    solution.sectors.add(sectors[0])
    for number in range(5):
        answered(solution, 20, sector=sectors[number == 0])
    other = SolutionFactory(listed=True, provider=provider)
    about_this = services.raise_concern(by=assessor, solution=solution, kind=ConcernKind.COMPLAINT, text="x")
    services.raise_concern(by=assessor, solution=other, kind=ConcernKind.COMPLAINT, text="x")
    revision = services.start_dossier(by=member, provider=provider, kind="revision", solution=solution)
    renewal = services.start_dossier(by=member, provider=provider, kind="renewal")
    seen = check_facts(revision, today=TODAY)
    assert (seen.open_complaints, check_facts(renewal, today=TODAY).open_complaints) == (1, 2)
    assert (dict(seen.references.by_sector), seen.sectors) == ({sectors[1].pk: 1, sectors[0].pk: 4}, {sectors[0].pk})
    services.resolve_concern(by=decider, concern=about_this, upheld=True, text="Opgelost.")
    assert check_facts(revision, today=TODAY).open_complaints == 0
