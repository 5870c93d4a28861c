"""Numbers that others hand out: KvK, RSIN, VAT id, IBAN, postcode. Normalised before they are stored, validated on their form.

A checksum alone never refuses what a register would accept, so KvK (no public checksum) is judged on its form, and RSIN,
VAT id and IBAN on the published test digits (REFERENCE section 4).
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import iban as stdnum_iban
from stdnum.eu import vat as stdnum_vat
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.nl import bsn as stdnum_rsin
from stdnum.nl import postcode as stdnum_postcode


def _compact(text: str) -> str:
    return re.sub(r"[\s.\-]", "", str(text)).upper()


def normalise_kvk(text: str) -> str:
    """Digits only: ` 01 23 45.67` becomes `01234567`."""
    return _compact(text)


def validate_kvk(text: str) -> None:
    """Eight ASCII digits, not all zero."""
    if not re.fullmatch(r"[0-9]{8}", text) or text == "00000000":
        raise ValidationError(_("A KvK number has 8 digits, for example 12345678."), code="kvk")


def validate_rsin(text: str) -> None:
    """Nine digits with the eleven-test."""
    if not re.fullmatch(r"[0-9]{9}", text) or not stdnum_rsin.is_valid(text):
        raise ValidationError(_("This is not a valid RSIN: it has 9 digits and one of them is wrong."), code="rsin")


def normalise_vat_id(text: str) -> str:
    """Capitals, without spaces, dots and dashes: `nl 0024.55799.b11` becomes `NL002455799B11`."""
    return _compact(text)


def validate_vat_id(text: str) -> None:
    """A VAT id of any EU country, such as NL002455799B11. Old sole-trader ids are personal data: do not show them publicly."""
    try:
        if not text.isascii():
            raise WrongNumber
        stdnum_vat.validate(text)
    except WrongNumber as wrong:
        raise ValidationError(
            _("This is not a valid VAT id. A Dutch one looks like NL002455799B11."), code="vat_id"
        ) from wrong


def normalise_iban(text: str) -> str:
    """Capitals, without the spaces of groups of four: `nl91 abna 0417 1643 00` becomes `NL91ABNA0417164300`."""
    return _compact(text)


def validate_iban(text: str) -> None:
    """An IBAN of any country, by length and the mod-97 test."""
    try:
        if not text.isascii():
            raise WrongNumber
        stdnum_iban.validate(text)
    except WrongNumber as wrong:
        raise ValidationError(
            _("This IBAN is not right. Check it against your bank card or statement."), code="iban"
        ) from wrong


def normalise_postcode(text: str) -> str:
    """`9712hv` becomes `9712 HV`; what is no Dutch postcode stays as written, for other countries."""
    compact = _compact(text)
    return f"{compact[:4]} {compact[4:]}" if re.fullmatch(r"[0-9]{4}[A-Z]{2}", compact) else str(text).strip()


def validate_postcode(text: str) -> None:
    """Four digits not starting with 0 and two letters other than SA, SD and SS."""
    if not text.isascii() or not stdnum_postcode.is_valid(text):
        raise ValidationError(_("A postcode has 4 digits and 2 letters, for example 9712 HV."), code="postcode")
