"""What the demo makes up has the right form and comes out the same every time."""

import pytest

from core.files import check_upload
from core.identifiers import validate_iban, validate_kvk, validate_vat_id
from marketplace.demo.businesses import answers_for
from marketplace.demo.made_up import iban, paper, person_name, reference_customer, vat_id


@pytest.mark.parametrize("number", [0, 1, 58, 5065])
def test_numbers_have_right_check_digits(number):
    validate_iban(iban(number))
    validate_vat_id(vat_id(number))
    validate_vat_id(vat_id(number, "DE"))
    validate_kvk(reference_customer(number)[1])
    assert iban(number) == iban(number)
    assert person_name(number) == person_name(number)


def test_neighbours_do_not_share_a_number():
    assert len({iban(number) for number in range(200)}) == 200
    assert len({vat_id(number) for number in range(200)}) == 200
    assert len({reference_customer(number) for number in range(58)}) == 58


@pytest.mark.parametrize("title", ["Offerte", "Café (één) \\ twee", "日本"])
def test_a_paper_is_a_pdf_that_an_upload_accepts(title):
    assert check_upload(paper(title)) == "application/pdf"


@pytest.mark.parametrize("total", [12, 13, 36, 59, 60])
def test_answers_add_up_and_are_the_same_every_time(total):
    answers = answers_for(total, "zaad")
    assert sum(answers.values()) == total
    assert set(answers.values()) <= {1, 2, 3, 4, 5}
    assert len(answers) == 12
    assert answers == answers_for(total, "zaad")
