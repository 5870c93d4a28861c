"""Files with a claim that are no invoice and no proof: refused in words, and nothing of them is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.files import MAX_MEGABYTES, MEGABYTE
from core.models import StoredFile
from tests.factories.claims import delivered, draft_claim, submitted_claim
from tests.factories.providers import pdf
from tests.vouchers.pages import HOSTILE_FILES, as_, hostile, of_claim
from tests.vouchers.test_claim_pages_bad_input import invoice_form
from vouchers import services
from vouchers.enums import ClaimState
from vouchers.models import Claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_drawn", "monday")]

PROOFS = ["payment_proof", "use_proof"]


@pytest.fixture
def asked(them):
    """A claim about which the assessor asked something."""
    claim = services.take_up_claim(by=them.assessor, claim=submitted_claim(them))
    return services.ask_more_claim(by=them.assessor, claim=claim, question="Stuur een betaalbewijs.")


def kept() -> set[object]:
    return set(StoredFile.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("what", HOSTILE_FILES)
@pytest.mark.parametrize("field", PROOFS)
def test_a_proof_of_the_wrong_kind_or_size_is_refused_and_nothing_is_kept(client, them, asked, field, what):
    before, (upload, why) = kept(), hostile(what)
    [other] = set(PROOFS) - {field}
    posted = {"text": "Zie de bijlagen.", field: upload, other: pdf("goed.pdf")}
    answer = as_(client, them.member).post(of_claim("claim_proof", asked), posted)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert "Zie de bijlagen." in answer.content.decode(), "what was written is not lost"
    assert kept() == before, "not the good file beside it either"
    claim = Claim.objects.get(pk=asked.pk)
    assert (claim.payment_proof, claim.use_proof, claim.answer) == (None, None, "")
    assert claim.state == ClaimState.MORE_INFORMATION


@pytest.mark.parametrize("what", HOSTILE_FILES)
def test_an_invoice_of_the_wrong_kind_or_size_is_refused_and_nothing_is_kept(client, them, what):
    delivered(them)
    claim = services.start_claim(by=them.member, voucher=them.voucher)
    before, (upload, why) = kept(), hostile(what)
    answer = as_(client, them.member).post(of_claim("claim_invoice", claim), invoice_form(file=upload))
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert kept() == before
    assert Claim.objects.get(pk=claim.pk).invoice_key == ""


@pytest.mark.parametrize("what", HOSTILE_FILES)
def test_a_good_invoice_is_not_lost_to_a_file_that_is_none(client, them, what):
    claim = draft_claim(them)
    before, (upload, why) = kept(), hostile(what)
    answer = as_(client, them.member).post(of_claim("claim_invoice", claim), invoice_form(file=upload))
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert kept() == before
    assert Claim.objects.get(pk=claim.pk).invoice_file_id == claim.invoice_file_id


def test_a_file_of_exactly_ten_megabytes_is_kept(client, them, asked):
    whole = SimpleUploadedFile("bank.pdf", b"%PDF-1.4\n".ljust(MAX_MEGABYTES * MEGABYTE, b"0"))
    posted = {"text": "Zie de bijlagen.", "payment_proof": whole, "use_proof": pdf("scherm.pdf")}
    assert as_(client, them.member).post(of_claim("claim_proof", asked), posted).status_code == 302
    assert Claim.objects.get(pk=asked.pk).payment_proof.size == MAX_MEGABYTES * MEGABYTE
