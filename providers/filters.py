"""What the catalogue can be searched, filtered and ordered by: one set for the page and for the API.

Unknown codes are errors of the form, never an empty list that looks like an answer.
"""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from accounts.models import Province, Sector
from core import clock
from core.forms import EuroField
from core.i18n import localised
from providers.models import Category, Solution
from providers.models.catalogue import ON_THE_LIST, SHUFFLE_PRIME
from providers.services.catalogue import day_seed

MOST_WORDS = 6
MOST_LETTERS = 100

ORDERINGS = (
    ("relevance", _("Preferred list first, then best match")),
    ("name", _("Name")),
    ("-name", _("Name, from Z to A")),
    ("price", _("Price in the first year, lowest first")),
    ("-price", _("Price in the first year, highest first")),
)

WEIGHTS = (
    (16, "name__istartswith"),
    (8, "name__icontains"),
    (4, "category__name_nl__icontains"),
    (4, "category__name_en__icontains"),
    (3, "provider__organisation__trade_name__icontains"),
    (3, "provider__organisation__legal_name__icontains"),
    (2, "summary__icontains"),
    (1, "description__icontains"),
)
"""Where a word may be found, and how much it says there."""


class LocalisedChoice(django_filters.ModelChoiceFilter):
    """A choice among reference rows by their code, shown in the language of the page."""

    class Field(django_filters.fields.ModelChoiceField):
        def label_from_instance(self, obj: Any) -> str:
            return localised(obj, "name") if hasattr(obj, "name_nl") else str(obj)

    field_class = Field


class PriceFilter(django_filters.Filter):
    """At most this many euros in the first year, excl. VAT."""

    field_class = EuroField


class YesOrNoInput(forms.CheckboxInput):
    """A box to tick that keeps what was written in the address, so that nonsense can be named."""

    def __init__(self, attrs: dict | None = None):
        super().__init__({"value": "true", **(attrs or {})}, check_test=lambda value: value is True or value in YES)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name)

    def format_value(self, value: Any) -> None:
        return None  # the box stands for "true", whatever was written


YES = frozenset({"true", "1", "on"})
NO = frozenset({"false", "0"})


class YesOrNoField(forms.Field):
    """true or false; nothing = not asked. Raises for anything else."""

    widget = YesOrNoInput

    def to_python(self, value: Any) -> bool | None:
        written = "" if value is None else str(value).lower()
        if not written:
            return None
        if written not in YES | NO:
            raise ValidationError(_("Write true or false."), code="invalid")
        return written in YES


class YesOrNoFilter(django_filters.Filter):
    field_class = YesOrNoField


class SolutionFilter(django_filters.FilterSet):
    """`q`, `category`, `sector`, `level`, `province`, `preferred`, `price_max` and `ordering`."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        validators=[MaxLengthValidator(MOST_LETTERS)],
        widget=forms.TextInput(attrs={"type": "search", "maxlength": MOST_LETTERS}),
    )
    category = LocalisedChoice(
        label=_("Category"), queryset=Category.objects.all(), to_field_name="code", empty_label=_("All categories")
    )
    sector = LocalisedChoice(
        label=_("Your sector"),
        queryset=Sector.objects.in_order(),
        to_field_name="code",
        empty_label=_("All sectors"),
        method="for_sector",
    )
    level = django_filters.ChoiceFilter(
        label=_("Your level on the ladder"),
        choices=[(level, str(level)) for level in (1, 2, 3, 4)],
        empty_label=_("All levels"),
        method="for_level",
    )
    province = LocalisedChoice(
        label=_("Your province"),
        queryset=Province.objects.filter(is_north=True),
        to_field_name="code",
        empty_label=_("All provinces"),
        method="for_province",
    )
    preferred = YesOrNoFilter(label=_("Only from the preferred list"), method="on_list")
    price_max = PriceFilter(label=_("At most in the first year (€, excl. VAT)"), method="at_most")
    ordering = django_filters.ChoiceFilter(
        label=_("Order"), choices=ORDERINGS, empty_label=None, null_label=None, method="unordered"
    )

    class Meta:
        model = Solution
        fields: list[str] = []

    def __init__(self, *args: Any, on: dt.date | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.on = on or clock.today()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        asked = self.form.cleaned_data
        return in_order(
            super().filter_queryset(queryset), asked.get("ordering") or "relevance", words_of(asked.get("q")), self.on
        )

    def search(self, queryset: QuerySet, _name: str, text: str) -> QuerySet:
        for word in words_of(text):
            found = Q()
            for _weight, lookup in WEIGHTS[1:]:
                found |= Q(**{lookup: word})
            queryset = queryset.filter(found)
        return queryset

    @extend_schema_field(OpenApiTypes.STR)
    def for_sector(self, queryset: QuerySet, _name: str, sector: Sector) -> QuerySet:
        return queryset.for_sector(sector)

    def for_level(self, queryset: QuerySet, _name: str, level: str) -> QuerySet:
        return queryset.for_level(int(level))

    @extend_schema_field(OpenApiTypes.STR)
    def for_province(self, queryset: QuerySet, _name: str, province: Province) -> QuerySet:
        return queryset.for_province(province)

    @extend_schema_field(OpenApiTypes.BOOL)
    def on_list(self, queryset: QuerySet, _name: str, wanted: bool | None) -> QuerySet:
        return queryset.on_preferred_list() if wanted else queryset

    @extend_schema_field(OpenApiTypes.DECIMAL)
    def at_most(self, queryset: QuerySet, _name: str, price: Any) -> QuerySet:
        return queryset if price is None else queryset.filter(first_year_price__lte=price)

    def unordered(self, queryset: QuerySet, _name: str, _ordering: str) -> QuerySet:
        return queryset  # the order is made last, in `filter_queryset`


def words_of(text: str | None) -> list[str]:
    """The words searched for, at most six."""
    return (text or "").split()[:MOST_WORDS]


def in_order(queryset: QuerySet, ordering: str, words: list[str], on: dt.date) -> QuerySet:
    """The rows in the order asked for. By relevance: preferred list first, then best match, then a shuffle that is the
    same for everybody on one day and another one the next (DESIGN 4.15). Nobody can pay for a place.
    """
    match ordering:
        case "name" | "-name":
            return queryset.order_by(ordering, "pk")
        case "price":
            return queryset.order_by(F("first_year_price").asc(nulls_last=True), "name", "pk")
        case "-price":
            return queryset.order_by(F("first_year_price").desc(nulls_last=True), "name", "pk")
    factor, shift = day_seed(on)
    return queryset.annotate(
        on_list=Case(When(state__in=ON_THE_LIST, then=0), default=1, output_field=IntegerField()),
        match=_relevance(words),
        shuffle=_shuffled(factor, shift),
    ).order_by("on_list", "-match", "shuffle", "pk")


def _shuffled(factor: int, shift: int) -> ExpressionWrapper:
    """An affine map modulo a prime: another order every day, exact in 64 bits on both databases."""
    place = Cast("shuffle_key", BigIntegerField()) * Value(factor, output_field=BigIntegerField())
    moved = place + Value(shift, output_field=BigIntegerField())
    return ExpressionWrapper(moved % Value(SHUFFLE_PRIME, output_field=BigIntegerField()), BigIntegerField())


def _relevance(words: list[str]) -> Any:
    score: Any = Value(0, output_field=IntegerField())
    for word in words:
        weights = [When(**{lookup: word}, then=Value(weight)) for weight, lookup in WEIGHTS]
        score = score + Case(*weights, default=Value(0), output_field=IntegerField())
    return score
