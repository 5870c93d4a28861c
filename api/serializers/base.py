"""What every request and every answer of the API has in common."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


class StrictSerializer(serializers.Serializer):
    """A request: what it does not know is a fault, because a misspelt name must not look like an answer.

    All faults are told at once, those of unknown names last.
    """

    default_error_messages: ClassVar = {
        "invalid": _("This has to be a JSON object, with names and values between braces."),
        "unknown": _("There is no member with this name."),
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation({} if data is serializers.empty else [] if data is None else data)

    def to_internal_value(self, data: Any) -> Any:
        faults = dict(self.more_faults(data)) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **faults}) from error
        if faults:
            raise ValidationError(faults)
        return value

    def more_faults(self, data: Mapping[str, Any]) -> Iterable[tuple[str, list[ErrorDetail]]]:
        """Faults that no field of this serializer finds, per name."""
        unknown = ErrorDetail(self.error_messages["unknown"], code="unknown")
        return ((name, [unknown]) for name in data if name not in self.fields)


class QuerySerializer(StrictSerializer):
    """The parameters behind the question mark. One that stands there twice is a fault, unless it takes several."""

    several: ClassVar[frozenset[str]] = frozenset()
    default_error_messages: ClassVar = {
        "unknown": _("This parameter is unknown."),
        "repeated": _("This parameter may be given once."),
    }

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """The parameters of a request, checked. Raises ValidationError with every fault."""
        data = {name: given if name in cls.several else given[-1] for name, given in query.lists()}
        asked = cls(data=data, context={"repeated": [name for name, given in query.lists() if len(given) > 1]})
        asked.is_valid(raise_exception=True)
        return asked

    def more_faults(self, data: Mapping[str, Any]) -> Iterable[tuple[str, list[ErrorDetail]]]:
        repeated = ErrorDetail(self.error_messages["repeated"], code="repeated")
        yield from ((name, [repeated]) for name in self.context["repeated"] if name not in self.several)
        yield from super().more_faults(data)


class Answer:
    """Mixed into what we answer with: nothing in it is ever sent to us, and all of it is always there."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()  # type: ignore[misc]
        for field in fields.values():
            field.read_only = True
        return fields
