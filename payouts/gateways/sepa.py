"""The SEPA rail: one pain.001.001.09 file per batch, the same bytes for the same batch (invariants 20 and 21).

The bank gets a file from a person, and a person reads the bank: so this rail never says paid by itself.
Text is cut back to the Latin set every bank accepts (EPC217-08, SEPA requirements for an extended character set); Greek and
Cyrillic are written letter by letter as in ELOT 743 and the Bulgarian transliteration act, so that a holder keeps a name.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from lxml import etree
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sepaxml import SepaTransfer

from payouts.gateways.protocol import Answer, Instruction, Outcome

SCHEMA = "pain.001.001.09"
MAX_NAME = 70  # characters, Nm in the SEPA credit transfer rulebook
MAX_REMITTANCE = 140  # characters, Ustrd

_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]{0,34}")  # at most 35: MsgId, PmtInfId and EndToEndId
_SPECIAL = str.maketrans(
    {
        "ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ł": "L",
        "ł": "l", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "ı": "i", "€": "EUR", "&": "+", "_": "-", "–": "-",
        "—": "-", "‘": "'", "’": "'", "“": "'", "”": "'", '"': "'", "`": "'", "@": "(at)", ";": ",",
        "[": "(", "]": ")", "{": "(", "}": ")", "\\": "/", "|": "/", "\t": " ", "\n": " ", "\r": " ",
    }
)  # fmt: skip
_GREEK = "Α A Β V Γ G Δ D Ε E Ζ Z Η I Θ Th Ι I Κ K Λ L Μ M Ν N Ξ X Ο O Π P Ρ R Σ S Τ T Υ Y Φ F Χ Ch Ψ Ps Ω O ς s"
_CYRILLIC = (
    "А A Б B В V Г G Д D Е E Ж Zh З Z И I Й Y К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х H Ц Ts Ч Ch Ш Sh Щ Sht Ъ A Ь Y "
    "Ю Yu Я Ya Ы Y Э E І I Є Ye Ђ Dj Ј J Љ Lj Њ Nj Ћ C Џ Dz"
)


def _letters(row: str) -> dict[int, str]:
    pairs = dict(zip(row.split()[::2], row.split()[1::2], strict=True))
    return str.maketrans(pairs | {each.lower(): latin.lower() for each, latin in pairs.items()})


_COMPOSED = _SPECIAL | _letters(_CYRILLIC)  # before accents go: a Cyrillic short i is a letter of its own
_BARE = _SPECIAL | _letters(_GREEK)  # what stood under an accent
_OU = re.compile(r"(?<=[Οο])[Υυ]")


class CannotSeal(Exception):
    """This batch cannot become a file. `code` names the rule, `reference` the payment (EndToEndId) that breaks it."""

    def __init__(self, code: str, reference: str = ""):
        self.code = code
        self.reference = reference
        super().__init__(f"{code} {reference}".strip())


@dataclass(frozen=True, kw_only=True)
class Payer:
    """The account the money leaves from: statutory name, IBAN and, when the bank wants it, BIC."""

    name: str
    iban: str
    bic: str = ""


class SepaGateway:
    """One instruction on the SEPA rail: it travels in its batch's file, and only the bank statement says what became of it."""

    def look_up(self, instruction: Instruction) -> Answer:
        """Nobody can ask the bank by machine here; a person reads the statement."""
        return Answer(outcome=Outcome.PENDING, code="read_the_statement")

    def send(self, instruction: Instruction) -> Answer:
        """Check that the instruction can stand in a file; the file itself is made by `seal`."""
        try:
            _check(instruction)
        except CannotSeal as refusal:
            return Answer(outcome=Outcome.REJECTED, code=refusal.code)
        return Answer(outcome=Outcome.PENDING, code="in_file")


def sepa_text(text: str, limit: int) -> str:
    """`text` in the characters every SEPA bank accepts, at most `limit` long; empty when nothing readable is left."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_COMPOSED))
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    plain = _OU.sub(lambda upsilon: "U" if upsilon[0] == "Υ" else "u", plain).translate(_BARE)
    plain = plain.upper() if text.isupper() else plain
    plain = _ALLOWED.sub(".", plain)
    plain = re.sub(r"/{2,}", "/", re.sub(r" {2,}", " ", plain)).strip(" /")  # a slash at either end and // are refused
    plain = plain[:limit].strip(" /")
    return plain if any(each.isalnum() for each in plain) else ""


def seal(
    *,
    payer: Payer,
    msg_id: str,
    pmt_inf_id: str,
    created_at: datetime,
    execution_date: date,
    instructions: Sequence[Instruction],
) -> bytes:
    """The batch as a pain.001.001.09 file, valid against its XSD. The same arguments give the same bytes.

    `created_at` is aware; it is written in Amsterdam time, as banks print it. Raises CannotSeal.
    """
    for name in (msg_id, pmt_inf_id):
        if not _IDENTIFIER.fullmatch(name):
            raise CannotSeal("bad_identifier")
    if not instructions:
        raise CannotSeal("empty_batch")
    references = [each.reference for each in instructions]
    if len(set(references)) != len(references):
        raise CannotSeal("same_payment_twice")
    payer_name = sepa_text(payer.name, MAX_NAME)
    if not payer_name:
        raise CannotSeal("no_payer_name")
    document = _Document(
        name=payer_name,
        iban=_iban(payer.iban, "payer"),
        bic=payer.bic,
        msg_id=msg_id,
        pmt_inf_id=pmt_inf_id,
        created_at=created_at.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%Y-%m-%dT%H:%M:%S"),
    )
    for each in instructions:
        holder, remittance = _check(each)
        document.add_payment(
            {
                "name": holder,
                "IBAN": _iban(each.destination, each.reference),
                "amount": each.cents,
                "currency": each.currency,
                "description": remittance,
                "execution_date": execution_date,
                "endtoend_id": each.reference,
            }
        )
    content = document.export(validate=False)
    validate(content)
    return content


def validate(content: bytes) -> None:
    """Check a file against the XSD that sepaxml ships. No DTD, no network. Raises CannotSeal with code `invalid_file`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise CannotSeal("invalid_file") from error
    if not _schema().validate(tree):
        raise CannotSeal("invalid_file")


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(files("sepaxml").joinpath("schemas", f"{SCHEMA}.xsd").read_bytes()))


def _iban(value: str, reference: str) -> str:
    try:
        iban = IBAN(value)
    except SchwiftyException as error:
        raise CannotSeal("bad_iban", reference) from error
    if not iban.in_sepa_zone:
        raise CannotSeal("outside_sepa", reference)
    return str(iban)


def _check(instruction: Instruction) -> tuple[str, str]:
    """Holder and remittance text as they will stand in the file."""
    try:
        cents = instruction.cents
    except ValueError as error:
        raise CannotSeal("bad_amount", instruction.reference) from error
    if cents > 99_999_999_999:  # the rulebook's 999,999,999.99
        raise CannotSeal("bad_amount", instruction.reference)
    if instruction.currency != "EUR":
        raise CannotSeal("not_euro", instruction.reference)
    holder = sepa_text(instruction.holder, MAX_NAME)
    if not holder:
        raise CannotSeal("no_payee_name", instruction.reference)
    remittance = sepa_text(instruction.remittance, MAX_REMITTANCE)
    if not remittance:
        raise CannotSeal("no_remittance", instruction.reference)
    _iban(instruction.destination, instruction.reference)
    return holder, remittance


class _Document(SepaTransfer):
    """sepaxml's document with our identifiers: its own are random, and a file must come out the same twice."""

    def __init__(self, *, name: str, iban: str, bic: str, msg_id: str, pmt_inf_id: str, created_at: str):
        self._given = {"MsgId": msg_id, "CreDtTm": created_at}
        self._pmt_inf_id = pmt_inf_id
        config = {"name": name, "IBAN": iban, "currency": "EUR", "batch": True}
        if bic:
            config["BIC"] = bic
        super().__init__(config, schema=SCHEMA, clean=False)

    def _create_header(self) -> None:
        super()._create_header()
        for tag, text in self._given.items():
            self._xml.find(f"CstmrCdtTrfInitn/GrpHdr/{tag}").text = text

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        blocks = self._xml.findall("CstmrCdtTrfInitn/PmtInf")
        if len(blocks) != 1:
            raise CannotSeal("several_dates")
        blocks[0].find("PmtInfId").text = self._pmt_inf_id
        bank = blocks[0].find("DbtrAgt/FinInstnId")
        if not len(bank):
            # IBAN only: the rulebook asks for NOTPROVIDED where sepaxml leaves the debtor's bank empty.
            other = ElementTree.SubElement(bank, "Othr")
            ElementTree.SubElement(other, "Id").text = "NOTPROVIDED"
