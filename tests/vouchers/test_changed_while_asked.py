"""What an applicant changes while a question waits for its answer: it is looked at anew, and takes nothing from others."""

from decimal import Decimal

import pytest

from accounts.enums import Role
from core.actors import SystemActor
from core.reasons import Refused
from tests.factories.accounts import MunicipalityFactory, ProvinceFactory, official
from tests.factories.claims import invoice, submitted_claim
from tests.factories.vouchers import business, programme_with, submitted_application
from tests.refusals import codes
from vouchers import services
from vouchers.enums import CheckCode, CheckOutcome
from vouchers.models import Application, Budget
from vouchers.reasons import ApplicationReason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "nobody_drawn")]


def outcome(claim, code) -> str:
    return next(finding.outcome for finding in claim.findings if finding.code == code)


def test_another_invoice_is_checked_again_before_it_is_sent(them):
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    assert outcome(claim, CheckCode.VAT_ID) == CheckOutcome.PASS
    services.ask_more_claim(by=them.assessor, claim=claim, question="Klopt de factuur?")
    claim = services.save_invoice(by=them.member, claim=claim, **invoice(them, vat_id="NL999999990B01"))
    assert outcome(claim, CheckCode.VAT_ID) == CheckOutcome.FAIL, (
        "the assessor would read the check of the other invoice"
    )


@pytest.mark.usefixtures("monday")
def test_a_business_that_moves_takes_no_money_of_another_province():
    here, there = MunicipalityFactory(), MunicipalityFactory(code="GM0080", province=ProvinceFactory(code="PV21"))
    programme = programme_with()
    for province in (here.province, there.province):
        services.set_ceiling(
            by=SystemActor("test"), programme=programme, ceiling=Decimal(100_000), province=province.code
        )
    organisation, member = business(municipality=here)
    application = submitted_application(programme, organisation=organisation, by=member)
    application = services.take_up(by=official(Role.ASSESSOR), application=application)
    services.ask_more(by=official(Role.ASSESSOR), application=application, question="Waar bent u gevestigd?")
    application = Application.objects.get(pk=application.pk)
    account = application.bank_account
    with pytest.raises(Refused) as refused:
        services.confirm_business(
            by=member, application=application, iban=account.iban, holder=account.holder, facts={"municipality": there}
        )
    assert codes(refused) == [ApplicationReason.PROVINCE_FIXED]
    organisation.refresh_from_db()
    assert organisation.municipality == here
    assert Budget.objects.get(province=there.province).reserved == 0
    services.withdraw(by=member, application=Application.objects.get(pk=application.pk))
    assert services.differences() == []
