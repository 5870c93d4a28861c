"""Whoever belongs to two businesses sees of which one each voucher is, and is greeted by what waits."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from tests.factories.accounts import OrganisationFactory, UserFactory, member_of, official
from tests.factories.claims import case
from tests.vouchers.pages import login, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def page(person, address: str) -> str:
    return " ".join(login(person).get(address).content.decode().split("<main")[1].split())


def test_the_business_stands_with_its_voucher_once_there_are_two():
    them = case()
    name = str(them.voucher.sme)
    assert '<th scope="col">Bedrijf</th>' not in page(them.member, url("vouchers"))
    first = Membership.objects.get(person=them.member)
    other = member_of(OrganisationFactory(legal_name="Tweede Zaak BV"))
    second = Membership.objects.get(person=other)
    Membership.objects.create(person=them.member, organisation=second.organisation, role=first.role)
    assert f"<div>{name}</div>" in page(them.member, url("vouchers"))
    assert f"{name} · {them.voucher.solution}" in page(them.member, reverse("marketplace:my_trede"))


def test_a_voucher_leads_to_its_decision_and_its_application():
    them = case()
    shown = page(them.member, url("voucher", them.voucher.number))
    assert f"<dt>Bedrijf</dt><dd>{them.voucher.sme}</dd>" in shown
    for way in (
        url("letter", them.voucher.application_id, them.voucher.decision_id),
        url("application", them.voucher.application_id),
    ):
        assert f'href="{way}"' in shown


def test_nobody_is_told_that_something_waits_when_nothing_does():
    home = reverse("marketplace:my_trede")
    assert "Dit wacht op u." in page(case().member, home)
    assert "Er wacht nu niets op u." in page(official(Role.DECIDER), home)
    for person in (UserFactory(), official(Role.MANAGER), official(Role.AUDITOR)):
        greeting = page(person, home).split("trede-lead")[1].split("</p>")[0]
        assert "wacht" not in greeting
