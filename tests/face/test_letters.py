"""Decisions as letters: every one says who sends it and where, how and until when one can object, and exists as tagged PDF."""

import re
import zlib

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from accounts.letters import as_pdf
from core.wording import long_date
from providers.models import VettingDecision
from tests.factories.accounts import official
from tests.factories.claims import case, determined_claim
from vouchers.enums import DecisionKind


def opened(pdf: bytes) -> str:
    """Everything in a PDF that stands in streams, unpacked, and what stands outside them."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(found.group(1)))
        except zlib.error:
            continue
    return b"\n".join(parts).decode("latin-1")


@pytest.fixture
def letters(db):
    """The addresses of the letter of an award, of a determination and of a vetting decision, who may read all, and the case."""
    them = case()
    claim = determined_claim(them)
    award = them.voucher.application.decisions.get(kind=DecisionKind.AWARD)
    vetted = VettingDecision.objects.create(
        kind="remove",
        provider=them.voucher.provider,
        decided_at=award.decided_at,
        decided_by=official(Role.DECIDER),
        objection_until=award.objection_until,
        rules_version="vetting-2026-1",
        text="Wij stoppen ermee.",
        grounds=["integrity"],
    )
    return {
        "award": reverse("vouchers:letter", args=[award.application_id, award.pk]),
        "claim": reverse("vouchers:claim_letter", args=[them.voucher.number, claim.seq]),
        "vetting": reverse("providers:vetting_decision", args=[vetted.pk]),
        "award_until": award.objection_until,
        "claim_until": claim.decision.objection_until,
        "vetting_until": award.objection_until,
        "award_by": award.decided_by,
        "claim_by": claim.decision.decided_by,
        "vetting_by": vetted.decided_by,
        "application": award.application_id,
        "member": them.member,
        "object": reverse("vouchers:object", args=[award.application_id, award.pk]),
    }


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("kind", ["award", "claim", "vetting"])
def test_every_letter_says_who_sends_it_and_how_one_objects(client, letters, settings, kind):
    client.force_login(official(Role.DECIDER))
    page = words_of(client.get(letters[kind]))
    body = settings.AUTHORITY
    for said in (body["name"], *body["address"], body["phone"], body["email"], body["website"]):
        assert said in page.split("</article>")[0]
    assert f"tot en met {long_date(letters[f'{kind}_until'])} bezwaar maken" in page
    assert f"t.a.v. Bezwaren, {', '.join(body['address'])}" in page
    assert "Dit moet in uw bezwaar staan" in page
    assert 'href="?format=pdf"' in page


@pytest.mark.parametrize("kind", ["award", "claim", "vetting"])
@pytest.mark.parametrize(
    ("prefix", "behalf", "role"), [("", "Namens", "beslisser"), ("/en", "On behalf of", "decider")]
)
def test_every_letter_says_on_whose_behalf_and_who_decided(client, letters, settings, kind, prefix, behalf, role):
    client.force_login(official(Role.DECIDER))
    letter = re.search(r"<article.*</article>", words_of(client.get(prefix + letters[kind]))).group()
    close, foot = letter.index("trede-letter__close"), letter.index("trede-letter__foot")
    assert close < foot
    closing = letter[close:foot]
    assert f"{behalf} {settings.AUTHORITY['name']}," in closing
    assert f"<strong>{letters[f'{kind}_by'].name}</strong>, {role}" in closing


def test_nobody_is_named_where_no_person_decided():
    with translation.override("nl"):
        closing = render_to_string("components/letter_close.html", {"decided_by": None})
    assert "Namens" in closing
    assert "beslisser" not in closing


def test_the_way_back_from_an_award_is_the_case_of_whoever_reads_it(client, letters):
    for person, back in ((letters["member"], "vouchers:application"), (official(Role.DECIDER), "vouchers:decide_case")):
        client.force_login(person)
        trail = re.search(r'<nav class="trede-breadcrumb".*?</nav>', words_of(client.get(letters["award"]))).group()
        assert f'href="{reverse(back, args=[letters["application"]])}"' in trail


@pytest.mark.parametrize("kind", ["award", "claim", "vetting"])
def test_no_letter_speaks_of_rules_in_code(client, letters, kind):
    client.force_login(official(Role.DECIDER))
    page = words_of(client.get(letters[kind]))
    letter = re.search(r"<article.*</article>", page).group()
    assert not re.search(r"vetting-2026|claim-1|[a-z]/\d+[. ]\w", re.sub(r"https?://\S+", "", letter))
    assert re.search(r"versie (1|2026-1)", letter)


def test_only_the_recipient_has_the_link_and_everybody_reads_the_address(client, letters, settings):
    address = f"{settings.SITE_ORIGIN}{letters['object']}"
    client.force_login(letters["member"])
    page = letters["object"]
    assert f'<a href="{page}">Bezwaar maken tegen dit besluit</a>: {address}' in words_of(client.get(letters["award"]))
    client.force_login(official(Role.DECIDER))
    theirs = words_of(client.get(letters["award"]))
    assert f"Online: {address}" in theirs
    assert f'href="{page}"' not in theirs


@pytest.mark.parametrize("kind", ["award", "claim", "vetting"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_letter_is_a_tagged_pdf_with_its_language_and_title(client, letters, kind, language):
    client.force_login(official(Role.DECIDER))
    with translation.override(language):
        address = letters[kind] if language == "nl" else f"/en{letters[kind]}"
        answer = client.get(f"{address}?format=pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'inline; filename="[\w .-]+\.pdf"', answer.headers["Content-Disposition"])
    assert "no-store" in answer.headers["Cache-Control"]
    pdf = opened(answer.content)
    assert pdf.startswith("%PDF-")
    assert re.search(r"pdfuaid:part[^0-9]*1", pdf)
    assert re.search(r"/MarkInfo\s*<<\s*/Marked true", pdf)
    assert "/StructTreeRoot" in pdf
    assert f"/Lang ({language})" in pdf
    assert "/Title" in pdf
    assert "/S /H1" in pdf
    assert "SourceSans3" in pdf.replace("-", "").replace("#20", "").replace(" ", "")


def test_the_mark_stands_on_paper_as_decoration(client, letters):
    client.force_login(letters["member"])
    pdf = opened(client.get(f"{letters['award']}?format=pdf").content)
    assert "0.960784 0.639216 0 rg" in pdf  # the amber of the top rung
    assert "/Figure" not in pdf


def test_the_link_works_from_the_pdf_too(client, letters, settings):
    client.force_login(letters["member"])
    pdf = opened(client.get(f"{letters['award']}?format=pdf").content)
    assert f"/URI ({settings.SITE_ORIGIN}{letters['object']})" in pdf


def test_somebody_elses_letter_is_no_pdf_either(client, letters):
    client.force_login(case().member)
    for kind in ("award", "claim", "vetting"):
        assert client.get(f"{letters[kind]}?format=pdf").status_code == 404


def test_a_pdf_fetches_nothing_but_our_own_files(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("private")
    page = (
        f'<html lang="nl"><title>x</title><h1>x</h1><a rel="attachment" href="file://{secret}">x</a>'
        f'<img alt="x" src="file://{secret}"><img alt="x" src="http://203.0.113.1/x.png"><img alt="x" src="static:../../manage.py">'
    )
    pdf = opened(as_pdf(page))
    assert "/EmbeddedFile" not in pdf
    assert "/Image" not in pdf
    assert "private" not in pdf
