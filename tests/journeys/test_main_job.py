"""The main job, once, in a browser: from an anonymous scan to a solution whose preferred standing moves.

Everybody has a login of their own. The assessor of the application also holds the role of decider and the treasurer that of
approver, so that what stops them is the hand they laid on the file and not a missing role (DESIGN 4.8).
"""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest

from core import clock
from payouts.rules import is_bank_day
from tests.journeys.conftest import PASSWORD, PDF, Site, free_port, newest_mail, served

pytestmark = pytest.mark.browser

PREPARED = """
from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from accounts.services import grant_role
from core import clock
from core.actors import SystemActor
from marketplace.demo import providers, solutions
from marketplace.demo.days import Days
from marketplace.demo.loader import letters_set_aside
from marketplace.demo.people import Cast
from marketplace.demo.rows import rows

providers.rows = lambda name: [row for row in rows(name) if row["code"] in {"esdorp", "lauwers"}]
solutions.rows = lambda name: [row for row in rows(name) if row["category"] == "WERKBON"]
days = Days(clock.today())
cast = Cast(days)
cast._people = {user.email.split("@")[0]: user for user in User.objects.all()}
with letters_set_aside():
    admitted = providers.Providers(cast, days)
    admitted.make()
    solutions.Solutions(cast, days, admitted).make()
authority = Organisation.objects.get(kind=OrganisationKind.AUTHORITY)
for name, second in [("assessor", Role.DECIDER), ("treasurer", Role.APPROVER)]:
    grant_role(by=SystemActor("demo"), person=cast[name], organisation=authority, role=second)
"""
"""Two providers with work orders on the telephone: Esdorp is on the preferred list, Lauwers is tested and not on it."""

NOT_IN_THE_SAMPLE = """
from decimal import Decimal
from vouchers.models import Programme, Voucher
from vouchers.rules.sample import sampled
number = f"{Voucher.objects.get().number}/1"
seed = next(seed for seed in map(str, range(1000)) if not sampled(seed, number, Decimal(100) / 2))
Programme.objects.update(sample_seed=seed)
"""
"""The lot decides which claims are asked for all their evidence; here it does not fall on this one."""

BOOKED_ON_THE_NEXT_BANK_DAY = """
from accounts.models import User
from core import clock
from payouts.models import Batch
from payouts.services import confirm_paid
batch = Batch.objects.get()
with clock.fixed(clock.start_of(batch.pay_on)):
    confirm_paid(by=User.objects.get(email__startswith="treasurer@"), batch=batch, booked_on=batch.pay_on)
"""
"""Banks book nothing on a weekend, and this may run on one."""

LATER = """
import datetime as dt
from django.core.management import call_command
from core import clock
with clock.fixed(clock.now() + dt.timedelta(days={days})):
    call_command("sweep_terms")
    call_command("send_feedback_invitations")
"""

COUNTED_AGAIN = """
import datetime as dt
from core import clock
from providers.models import Solution
from providers.services import recompute_standing
from providers.services.standing import STANDING
with clock.fixed(clock.now() + dt.timedelta(days={days})):
    recompute_standing(by=STANDING, solution=Solution.objects.get(slug="esdorp-werkbon"))
"""

COUNTED = """
from vouchers.models import Application, Budget, Claim
from core.models import AuditEntry
budget = Budget.objects.get()
sent = AuditEntry.objects.filter(action="submit", subject__startswith="vouchers.application").count()
print(Application.objects.count(), sent, budget.reserved, budget.committed, budget.paid)
"""

OWNER = "eigenaar@timmerzaak.example"
CARPENTER = "jan@timmerzaak.example"
IBAN = "NL44RABO0123456789"
TODAY = clock.today()
QUOTED, AWARDED = "2838,40", "€ 2.270,72"  # Compleet: 1,840.00 and twelve months of 83.20; a voucher pays 80 %


def counted(site) -> list[str]:
    """How many applications there are, how often one was sent, and what the budget says is reserved, committed and paid."""
    return site.run(COUNTED).split()


def opens(somebody, pattern: str, nth: int = 0):
    """Follows the link on the page whose address fits."""
    found = somebody.links(pattern)
    assert found, f"no link {pattern} on {somebody.page.url}: {somebody.links('.*')}\n{somebody.text[:2000]}"
    return somebody.goes_to(found[nth])


def presses(somebody, button: str, *, times: int = 1):
    """Presses a button named by a CSS selector, and sees a page without complaints."""
    somebody.page.locator(f"main {button}").first.click(click_count=times)
    somebody.page.wait_for_load_state()
    somebody.looks()
    complaint = somebody.page.locator("main .utrecht-form-field--invalid, main .trede-error-summary")
    assert not complaint.count(), somebody.text
    return somebody


def finds_waiting(somebody, case: str):
    """Goes to My Trede, and from there to the case that waits."""
    return somebody.goes_to("/mijn/").sees(case).clicks(case)


def test_from_a_scan_to_a_standing_that_moves(site, person):
    site.run(PREPARED)
    visitor = person()
    result = scans(visitor)
    shops_around(visitor)
    owner = registers(visitor, site, result)
    number = applies(owner, site)
    assessor, decider = is_awarded(person, number)
    voucher = reads_the_letter(owner, number)
    provider = person("demo+esdorp")
    orders_and_gets_it(owner, provider, voucher)
    site.run(NOT_IN_THE_SAMPLE)
    claims(owner, voucher)
    is_determined(person, assessor, owner, voucher)
    is_paid(person, site, owner, voucher)
    tells_what_it_brought(person, site, voucher)
    the_catalogue_moves(person, site, provider, decider)
    assert counted(site) == ["1", "1", "0.00", "0.00", "2270.72"]
    assert "equal their ledger" in site.manage("recompute_budget")
    assert "sound" in site.manage("verify_audit")


# --- without an account --------------------------------------------------------------------------------------------------


def scans(visitor) -> str:
    """Twelve questions; then the level, the two weakest items and the roadmap. Returns the secret address of the result."""
    visitor.goes_to("/").goes_to("/scan/")
    visitor.fills(sector="BOUW", headcount="9", municipality="GM0014", sbi="43").sends()
    for question in range(1, 13):
        visitor.sees(f"Vraag {question}" if question > 1 else "Vraag 1")
        visitor.fills(answer="1" if question in {1, 8} else "2").sends()
    visitor.sends()  # has nothing yet
    visitor.sees("U staat op trede 1").sees("3,67")
    visitor.sees("Hoe u zaken doet").sees("Verdienen met uw cijfers")
    visitor.page.locator(".trede-path-later > summary").click()
    visitor.sees("Digitale werkbonnen en buitendienst").sees("2 getoetst, 1 op de voorkeurslijst")
    return visitor.page.url


def shops_around(visitor):
    """From a step of the roadmap to its solutions: filter, compare two, see what a voucher would pay."""
    opens(visitor, r"/oplossingen/\?category=WERKBON.*").sees("Esdorp Werkbon").sees("Lauwers Bon").sees(
        "zeggen 5 bedrijven"
    )
    visitor.page.locator("main form details details > summary").click()
    visitor.fills(preferred=True).sends().sees("Esdorp Werkbon").sees_not("Lauwers Bon")
    visitor.fills(s="esdorp-werkbon").presses("Vergelijk wat ik aanvinkte").sees("Kies er nog een")
    visitor.page.select_option("#add-solution", "lauwers-bon")
    visitor.sends().sees("€ 1.774,00").sees("€ 2.196,00")
    assert visitor.page.url.endswith("/oplossingen/vergelijk/?s=esdorp-werkbon&s=lauwers-bon")
    opens(visitor, r"/oplossingen/lauwers-bon/")
    assert not visitor.links(r"/aanvragen/nieuw/.*")  # not on the preferred list: no voucher
    visitor.goes_to("/oplossingen/esdorp-werkbon/").sees("Op de voorkeurslijst")
    opens(visitor, r"/voucher/\?cost=.*").fills(cost=QUOTED).sends().sees(f"Een voucher zou {AWARDED} betalen").sees(
        "€ 567,68"
    )


# --- with an account -----------------------------------------------------------------------------------------------------


def registers(visitor, site, result):
    """Makes an account on the way to saving the scan, registers the business on that way too, and saves it."""
    visitor.goes_to(result)
    opens(visitor, r"/scan/[\w-]+/bewaren/")
    assert "/account/login/" in visitor.page.url
    opens(visitor, r"/account/signup/.*").fills(email=OWNER, password1=PASSWORD, password2=PASSWORD).sends()
    letter = newest_mail(site, OWNER)
    visitor.goes_to(re.search(r"https?://\S+/confirm-email/\S+", letter)[0]).sends()
    opens(visitor, r"/aanvragen/bedrijf/.*")
    for told in ("municipality", "headcount", "sbi"):  # in the scan, so it is not asked again
        assert visitor.page.locator(f"main [name={told}]").input_value(), told
    visitor.fills(
        legal_name="Timmerzaak Recht",
        kvk="12345678",
        legal_form="partnership",
        street="Voorbeeldweg 2",
        postcode="9711 AA",
        city="Groningen",
        municipality="GM0014",
        sbi="43",
        headcount="9",
        founded_on="2010-01-01",
    ).sends()
    visitor.sees("Timmerzaak Recht").sends()
    assert re.search(r"/mijn/scans/\d+/$", visitor.page.url), visitor.page.url
    opens(visitor.goes_to("/mijn/scans/"), r"/mijn/scans/\d+/").sees("U staat op trede 1")
    return visitor


def applies(owner, site) -> str:
    """From the page of the solution to an application, sent by a double click. Returns its number."""
    owner.goes_to("/oplossingen/esdorp-werkbon/")
    opens(owner, r"/aanvragen/nieuw/\?pakket=\d+", nth=1).sees("Compleet").sees(AWARDED)
    owner.sends().sees("Uw aanvraag")
    todo = owner.page.url
    pages = {
        "bedrijf": {"iban": "NL44 RABO 0123 4567 89", "holder": "Timmerzaak Recht"},
        "groep": {"in_group": "no"},
        "offerte": {
            "upload": PDF,
            "number": "OFF-1",
            "dated": (TODAY - dt.timedelta(days=3)).isoformat(),
            "valid_until": (TODAY + dt.timedelta(days=120)).isoformat(),
            "net": QUOTED,
            "unsigned": True,
        },
        "btw": {"position": "full"},
        "staatssteun": {"amount": "0"},
        "waarom": {"motivation": "De werkbon is dezelfde dag klaar voor de factuur."},
        "verklaringen": dict.fromkeys(["nothing_ordered", "own_contribution", "not_insolvent", "truthful"], True),
    }
    opens(owner, r"/aanvragen/\d+/bedrijf/.*")
    for page, fields in pages.items():  # each page leads to the next one
        assert re.search(rf"/aanvragen/\d+/{page}/", owner.page.url), owner.text
        owner.fills(**fields).sends()
    assert owner.page.url == todo, owner.text
    owner.goes_to("/mijn/").sees("Maak uw aanvraag af").clicks("Ga verder")
    opens(owner, r"/aanvragen/\d+/versturen/").sees("Voor zover wij kunnen zien, voldoet u aan de voorwaarden.")
    presses(owner, "form button.utrecht-button--primary-action", times=2)
    owner.goes_to(todo).sees("Wij beslissen uiterlijk")
    assert counted(site) == ["1", "1", "2270.72", "0.00", "0.00"]
    return re.search(r"DT-\d{4}-\d{6}", owner.text)[0]


def is_awarded(person, number):
    """Somebody takes it up, sees the checks and advises, and cannot award; somebody else awards."""
    assessor = finds_waiting(person("assessor"), number)
    presses(assessor, "button[value=take_up]").sees("Timmerzaak Recht").sees("Voorwaarden")
    assert assessor.page.locator("#checks + ul > li").count() > 5
    assessor.fills(advice="award", text="Gezien en in orde.")
    presses(assessor, "button[value=advise]").sees("Gezien en in orde.")

    assessor.goes_to("/mijn/")
    key = re.search(
        r"/(\d+)/$", opens(assessor.goes_to("/beslissen/aanvragen/"), r"/beslissen/aanvragen/\d+/").page.url
    )[1]
    assessor.page.locator("main button[value=award]").click()
    assessor.page.wait_for_load_state()
    assessor.sees("Iemand anders moet deze stap zetten").sees("Advies")

    decider = finds_waiting(person("decider"), number)
    assert decider.page.url.endswith(f"/beslissen/aanvragen/{key}/")
    decider.fills(explanation="Veel succes.")
    presses(decider, "button[value=award]").sees("Toegekend")
    return assessor, decider


def reads_the_letter(owner, number) -> str:
    """The letter says what one gets and until when one may object. Returns the voucher's number."""
    opens(owner.goes_to("/aanvragen/"), r"/aanvragen/\d+/")
    opens(owner, r"/aanvragen/\d+/besluit/\d+/").sees(f"U krijgt een voucher van hoogstens {AWARDED}").sees(
        "Veel succes."
    )
    return re.search(rf"{number}-\d+", owner.text)[0]


# --- order, delivery, claim, determination ---------------------------------------------------------------------------------


def orders_and_gets_it(owner, provider, voucher):
    """The business writes down order and delivery, the provider confirms each."""
    owner.goes_to("/mijn/").sees("Bestel het en laat het ons weten").goes_to(f"/vouchers/{voucher}/").sees(
        "Plaats uw bestelling"
    )
    opens(owner, r"/vouchers/[\w-]+/bestelling/")
    owner.fills(
        ordered_on=TODAY.isoformat(), task="Werkbonnen uitwerken", times_per_week="12", minutes_before="60"
    ).sends()
    finds_waiting(provider, "Timmerzaak Recht")
    presses(provider, "form[action$='/bestelling/'] button")
    opens(owner, r"/vouchers/[\w-]+/levering/").fills(delivered_on=TODAY.isoformat()).sends()
    finds_waiting(provider, "Timmerzaak Recht")
    presses(provider, "form[action$='/levering/'] button").sees("U hoeft nu niets te doen.")


def claims(owner, voucher):
    """Asks for the money with the invoice, and names who works with it."""
    owner.goes_to(f"/vouchers/{voucher}/").sees("Vraag uw geld aan")
    presses(owner, "form[action$='/uitbetaling/'] button")
    opens(owner, r"/vouchers/[\w-]+/uitbetaling/1/factuur/").fills(
        number="F-2026-1",
        dated=TODAY.isoformat(),
        excl="2838,40",
        incl="3434,46",
        description="Esdorp Werkbon, pakket Compleet",
        kvk="90000017",
        file=PDF,
    ).sends()
    owner.fills(payee="sme").sends()
    owner.fills(name_1="Jan Timmer", email_1=CARPENTER).sends()
    presses(owner, "form[action$='/versturen/'] button").sees("Verstuurd")


def is_determined(person, first_assessor, owner, voucher):
    """Not who assessed the application: somebody else checks, asks for a statement of the account, and advises; somebody
    else again decides."""
    claim = f"{voucher}/1"
    first_assessor.goes_to("/beoordelen/uitbetalingen/").clicks(claim)
    first_assessor.sees("U heeft de aanvraag beoordeeld. Iemand anders moet")
    assert not first_assessor.page.locator("main form[action$='/oppakken/']").count()

    assessor = finds_waiting(person("assessor2"), claim)
    presses(assessor, "form[action$='/oppakken/'] button").sees("De rekening is bekend, maar nog niet gecontroleerd.")
    opens(assessor, r"/beoordelen/uitbetalingen/\d+/vraag/").fills(text="Stuur een afschrift met IBAN en naam.").sends()
    owner.goes_to("/mijn/").sees("Beantwoord onze vraag").sees("Esdorp Werkbon").clicks("Doe dit")
    owner.sees("Stuur een afschrift met IBAN en naam.").sees("Beantwoord de vraag")
    opens(owner, r"/vouchers/[\w-]+/uitbetaling/1/bewijs/").fills(
        text="Zie de bijlagen.", payment_proof=PDF, use_proof=PDF
    ).sends()
    presses(owner, "form[action$='/versturen/'] button")

    finds_waiting(assessor, claim)
    presses(assessor, "form[action$='/oppakken/'] button")
    opens(assessor, r"/beoordelen/uitbetalingen/\d+/advies/")
    for box in assessor.page.locator("main form [name^=accept_][value=yes]").all():
        box.check(force=True)
    for box in assessor.page.locator("main form [name^=note_]").all():
        box.fill("Op het afschrift en de factuur gezien.")
    assessor.fills(text="Factuur en levering kloppen.").sends().sees(AWARDED)

    decider = finds_waiting(person("decider2"), claim)
    opens(decider, r"/beoordelen/uitbetalingen/\d+/besluiten/").sees("Factuur en levering kloppen.").sends().sees(
        AWARDED
    )
    opens(owner.goes_to(f"/vouchers/{voucher}/uitbetaling/1/"), r".*/besluit/").sees(AWARDED)


# --- batch, release, bank ------------------------------------------------------------------------------------------------------


def is_paid(person, site, owner, voucher):
    """One person prepares, another releases; the file goes to the bank; a person who read the bank marks it paid."""
    treasurer = person("treasurer").goes_to("/mijn/")
    opens(treasurer, r"/uitbetalingen/klaar/.*").sees(f"{voucher}/1").sends().sees(AWARDED)
    batch = treasurer.page.url
    treasurer.sees("U heeft deze batch gemaakt. Iemand anders moet hem vrijgeven.")
    form = {
        name: treasurer.page.locator(f"main [name={name}]").first.get_attribute("value")
        for name in ["csrfmiddlewaretoken"]
    }
    print_ = re.search(r"[0-9a-f]{16}", treasurer.text)[0]
    forced = {**form, "seen_sha256": f"{print_}{'0' * 48}", "looked": "on"}
    refused = treasurer.page.request.post(f"{batch}vrijgeven/", form=forced, headers={"Referer": batch})
    assert refused.status == 422
    treasurer.goes_to(batch).sees_not("Download het bankbestand")

    approver = person("approver").goes_to("/mijn/")
    opens(approver, r"/uitbetalingen/batches/[\w-]+/").sees(AWARDED).sees("NL44").fills(looked=True)
    presses(approver, "form[action$='/vrijgeven/'] button").sees("Download het bankbestand")
    with approver.page.expect_download() as download:
        approver.page.locator("main form[action$='/bankbestand/'] button").click()
    tree = ET.parse(download.value.path())
    said = {
        name: [node.text for node in tree.iterfind(f".//{{*}}{name}")] for name in ("InstdAmt", "CtrlSum", "NbOfTxs")
    }
    assert said == {"InstdAmt": ["2270.72"], "CtrlSum": ["2270.72"] * 2, "NbOfTxs": ["1"] * 2}
    assert IBAN in [node.text for node in tree.iterfind(".//{*}CdtrAcct/{*}Id/{*}IBAN")]
    assert counted(site)[2:] == ["0.00", "2270.72", "0.00"]

    if is_bank_day(TODAY):
        treasurer.goes_to(batch).fills(booked_on=TODAY.isoformat())
        presses(treasurer, "form[action$='/geboekt/'] button").sees("1 betaling is uitgevoerd.")
    else:
        site.run(BOOKED_ON_THE_NEXT_BANK_DAY)
    owner.goes_to(f"/vouchers/{voucher}/").sees("Klaar")


# --- feedback, standing --------------------------------------------------------------------------------------------------------


def tells_what_it_brought(person, site, voucher):
    """After thirty days of use whoever works with it gets a personal link, once, and it works once."""
    site.run(LATER.format(days=29))
    with pytest.raises(AssertionError, match="no letter"):
        newest_mail(site, CARPENTER)
    site.run(LATER.format(days=31))
    link = re.search(r"/ervaring/\S+", newest_mail(site, CARPENTER))[0]
    next_month = Site(f"http://127.0.0.1:{free_port()}", {**site.environment, "DAYS_LATER": "31"})
    carpenter = person()
    carpenter.site = next_month
    with served(next_month, "tests.journeys.later"):
        carpenter.goes_to(link).sees("Esdorp Werkbon").sees("Hoeveel minuten kostte het per keer, vroeger? 60 Hoeveel")
        carpenter.fills(minutes_after="40", satisfaction="5").sends()
        assert carpenter.page.url.endswith("/ervaring/bedankt/")
        assert carpenter.page.goto(next_month.url + link).status == 410
        carpenter.looks()


def the_catalogue_moves(person, site, provider, decider):
    """The sixth business counts, is shown from the next month on, and everybody's home is up to date."""
    person().goes_to("/oplossingen/?q=Esdorp").sees("zeggen 5 bedrijven").sees("Op de voorkeurslijst")
    site.run(COUNTED_AGAIN.format(days=66))
    another = person()  # the first one's browser may keep the page for a minute
    another.goes_to("/oplossingen/?q=Esdorp").sees("zeggen 6 bedrijven")
    another.goes_to("/oplossingen/esdorp-werkbon/").sees("van de 6 bedrijven winnen 15 % of meer")
    provider.goes_to("/mijn/oplossingen/").sees("Esdorp Werkbon")
    decider.goes_to("/mijn/")
    person("manager").goes_to("/mijn/").sees("Digitale Trede")
    person("auditor").goes_to("/mijn/").goes_to("/controlespoor/").sees("Vertelde wat de oplossing opleverde")
