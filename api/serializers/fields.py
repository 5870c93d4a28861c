"""Values in requests and answers. What comes in is taken as it is written: nothing is trimmed, read along or guessed at."""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.core.validators import EmailValidator
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from core.money import euro, parse_euro
from core.reasons import CoreReason, Reason, ReasonCode, Refused
from providers.models import Category
from roadmap.enums import ScanReason
from roadmap.rules import Ladder, answer_faults
from roadmap.services import CURRENT_QUESTIONNAIRE, load_ladder
from roadmap.services.plan import check_sbi, unknown_categories

AMOUNT = r"[0-9]{1,9}(\.[0-9]{1,2})?"
MOST_ANSWERS = 50
"""More names than any version of the questionnaire has questions."""
MOST_CODES = 100
LONGEST_CODE = 40

QUESTIONS = [f"{block}{number}" for block in "AB" for number in range(1, 7)]
ANSWERS = {
    "type": "object",
    "properties": {code: {"type": "integer", "minimum": 1, "maximum": 5} for code in QUESTIONS},
    "required": QUESTIONS,
    "additionalProperties": False,
}
"""The answers of the current questionnaire, for the description; what counts is the questionnaire itself."""

_AMOUNT = re.compile(AMOUNT)
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")


def _faults(reasons: Iterable[Reason]) -> list[ErrorDetail]:
    return [ErrorDetail(str(reason), code=reason.code.value) for reason in reasons]


class TextField(serializers.CharField):
    """A JSON text, with nothing around it taken away. Numbers and booleans are no text."""

    default_error_messages: ClassVar = {
        "invalid": _("This has to be a text, between quotation marks."),
        "max_length": _("This may have at most {max_length} characters."),
    }

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class EmailField(TextField):
    """An e-mail address."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.validators.append(EmailValidator(message=_("This is not an e-mail address.")))


class CodeField(TextField):
    """The code of a row of reference data, exactly as it is published."""

    def __init__(self, *, model: type[Model], reason: ReasonCode, **kwargs: Any):
        self.model, self.reason = model, reason
        super().__init__(max_length=LONGEST_CODE, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        # A NUL cannot even be asked about on PostgreSQL.
        if len(code) > LONGEST_CODE or "\x00" in code or not self.model._default_manager.filter(pk=code).exists():
            raise ValidationError(_faults([Reason(self.reason, {"code": code[:LONGEST_CODE]})]))
        return code


class SbiField(TextField):
    """An SBI code, such as `55.10`; answered in that form."""

    def to_internal_value(self, data: Any) -> str:
        written = super().to_internal_value(data)
        try:
            if written != written.strip():
                raise Refused(Reason(ScanReason.SBI_UNKNOWN, {"code": written[:20]}))
            return check_sbi(written)
        except Refused as refused:
            raise ValidationError(_faults(refused.reasons)) from refused


class WholeNumberField(serializers.IntegerField):
    """A JSON number that is whole; text, booleans and fractions are errors."""

    default_error_messages: ClassVar = {"invalid": _("This has to be a whole number, without quotation marks.")}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class WrittenNumberField(serializers.IntegerField):
    """A whole number in a query: plain digits, without a sign, a point or zeros in front."""

    default_error_messages: ClassVar = {"invalid": _("Write a whole number, for example 4.")}

    def to_internal_value(self, data: Any) -> int:
        if not (isinstance(data, str) and _WHOLE.fullmatch(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesOrNoField(serializers.BooleanField):
    """`true` or `false` in a query."""

    default_error_messages: ClassVar = {"invalid": _("Write true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if data not in {"true", "false"}:
            self.fail("invalid")
        return data == "true"


@extend_schema_field({"type": "array", "items": {"type": "string", "maxLength": LONGEST_CODE}, "maxItems": MOST_CODES})
class CategoriesField(serializers.Field):
    """Codes of categories as a JSON list. A fault points at its item."""

    default_error_messages: ClassVar = {
        "invalid": _("This has to be a list of texts, between square brackets."),
        "too_many": _("At most {most} codes can be given."),
    }

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list):
            self.fail("invalid")
        return self.known(data)

    def known(self, codes: list[Any]) -> list[str]:
        """The codes, when there are not too many and all exist. Raises ValidationError with a fault per item."""
        if len(codes) > MOST_CODES:
            self.fail("too_many", most=MOST_CODES)
        known = set(Category.objects.values_list("pk", flat=True))
        faults = {place: fault for place, code in enumerate(codes) if (fault := self.fault(code, known))}
        if faults:
            raise ValidationError(faults)
        return codes

    def fault(self, code: Any, known: set[str]) -> list[ErrorDetail]:
        if not isinstance(code, str):
            return [ErrorDetail(TextField.default_error_messages["invalid"], code="invalid")]
        return _faults(unknown_categories([code], known))


@extend_schema_field({"type": "array", "items": {"type": "string"}, "maxItems": MOST_CODES})
class WrittenCategoriesField(CategoriesField):
    """Codes of categories in a query: `have=A,B`, or `have=A&have=B`. Empty places do not count."""

    def to_internal_value(self, data: Any) -> list[str]:
        codes = [code.strip() for written in data for code in written.split(",")]
        try:
            return self.known([code for code in codes if code])
        except ValidationError as error:
            if isinstance(error.detail, dict):  # the parameter has no items to point at
                raise ValidationError([fault for faults in error.detail.values() for fault in faults]) from error
            raise


@extend_schema_field(ANSWERS)
class AnswersField(serializers.Field):
    """The answers to all questions of the current questionnaire: `{"A1": 3, ...}`. A fault points at its question."""

    default_error_messages: ClassVar = {
        "invalid": _("This has to be a JSON object, with names and values between braces."),
        "too_many": _("There are far fewer questions than this has answers."),
    }

    def to_internal_value(self, data: Any) -> dict[str, int]:
        if not isinstance(data, dict):
            self.fail("invalid")
        if len(data) > MOST_ANSWERS:
            self.fail("too_many")
        faults = dict(self._faults(data, load_ladder(CURRENT_QUESTIONNAIRE)))
        if faults:
            raise ValidationError(faults)
        return data

    def _faults(self, data: dict[str, Any], ladder: Ladder) -> Iterator[tuple[str, list[ErrorDetail]]]:
        asked = {code: value for code, value in data.items() if code in ladder.items}
        for reason in answer_faults(asked, ladder):
            yield reason.params["code"], _faults([reason])
        for code in data.keys() - asked.keys():
            yield code, _faults([Reason(ScanReason.ANSWER_UNKNOWN, {"code": code[:20]})])


@extend_schema_field({"type": "string", "pattern": f"^{AMOUNT}$", "example": "22500.00"})
class AskedAmountField(TextField):
    """An amount as text, such as `"22500.00"`; JSON numbers are refused, because they lose cents."""

    default_error_messages: ClassVar = {"invalid": _("Write the amount as text: “22500.00”.")}

    def to_internal_value(self, data: Any) -> Decimal:
        written = super().to_internal_value(data)
        try:
            amount = parse_euro(written)
        except Refused as refused:
            raise ValidationError(_faults(refused.reasons)) from refused
        if not _AMOUNT.fullmatch(written):
            code = CoreReason.AMOUNT_TOO_LARGE if amount >= 10**9 else CoreReason.AMOUNT_FORMAT
            raise ValidationError(_faults([Reason(code)]))
        return amount

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return self.to_internal_value(data) if data == "" else super().run_validation(data)


@extend_schema_field({"type": "string", "pattern": r"^\d+\.\d{2}$", "example": "1250.00"})
class EuroAmountField(serializers.Field):
    """Euros as text with two decimals, or null."""

    def to_representation(self, value: Decimal) -> str:
        return str(euro(value))


@extend_schema_field({"type": "string", "pattern": r"^-?\d+\.\d$", "example": "24.2"})
class OneDecimalField(serializers.Field):
    """A percentage or a mark as text with one decimal, half up, or null."""

    def to_representation(self, value: Any) -> str:
        return str(Decimal(value).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
