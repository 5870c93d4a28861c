"""Reference data of this room: the open programme. Called by `load_reference`; doing it twice changes nothing."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from core.actors import SystemActor
from core.reasons import Refused
from roadmap.reference import Reader
from roadmap.reference.store import Outcome
from vouchers.enums import Distribution, Payee, PaymentRail
from vouchers.models import Budget, Programme
from vouchers.services.budget import set_ceiling
from vouchers.services.programme import set_up_programme

#: What a programme is unless its row says otherwise: the defaults of DESIGN 4.7, 4.11 and 4.12 stand on `RuleSet` itself.
DIGITALE_TREDE: dict[str, Any] = {
    "code": "digitale-trede",
    "prefix": "DT",
    "name_nl": "Digitale Trede",
    "name_en": "Digital Rung",
    "summary_nl": (
        "Een voucher voor kleine bedrijven in Groningen, Fryslân en Drenthe die een stap zetten met een oplossing van de "
        "voorkeurslijst."
    ),
    "summary_en": (
        "A voucher for small businesses in Groningen, Fryslân and Drenthe that take a step with a solution from the "
        "preferred list."
    ),
    "legal_basis": "Algemene wet bestuursrecht, titel 4.2; Verordening (EU) 2023/2831",
    "opens_on": datetime.date(2026, 1, 1),
    "distribution": Distribution.COUNTER,
    "payment_rail": PaymentRail.SEPA,
    "payee": Payee.SME,
    "ceiling": Decimal("2000000.00"),
}


def load_programme(row: Mapping[str, Any] | None = None) -> Programme:
    """Sets up a programme with its budget from a row; without one, `digitale-trede`.

    `ceiling` is set once: afterwards it belongs to the programme manager. `rules` may hold numbers that differ from the
    defaults. Raises ValidationError for a wrong number, Refused when an announced term of an open programme would change.
    """
    fields = {**DIGITALE_TREDE, **(row or {})}
    ceiling, rules = Decimal(fields.pop("ceiling")), fields.pop("rules", None)
    by = SystemActor("reference")
    programme = set_up_programme(by=by, code=fields.pop("code"), rules=rules, **fields)
    if not Budget.objects.filter(programme=programme, province__isnull=True).exists():
        set_ceiling(by=by, programme=programme, ceiling=ceiling)
    return programme


COLUMNS = [
    *["code", "prefix", "name_nl", "name_en", "summary_nl", "summary_en", "legal_basis", "opens_on", "distribution"],
    *["ceiling", "rate", "cap", "minimum", "window_months"],
]


def load(reader: Reader) -> list[Outcome]:
    """Sets up the programmes of programmes.csv. Raises ReferenceFault with the row for whatever the row gets wrong.

    Ceiling and numbers of a programme that exists are left alone: they belong to its manager.
    """
    known = set(Programme.objects.values_list("code", flat=True))
    created = unchanged = 0
    for row in reader.rows("programmes.csv", COLUMNS, key=["code"]):
        words = {name: row.text(name) for name in COLUMNS[:7]}
        try:
            opens_on = datetime.date.fromisoformat(row["opens_on"].strip())
        except ValueError as error:
            raise row.fault(f"opens_on is {row['opens_on']!r}: a day is written 2026-01-31") from error
        rules = {
            "rate": row.decimal("rate", "0.01", "100"),
            "cap": row.decimal("cap", "0.01", "999999999.99"),
            "minimum": row.decimal("minimum", "0", "999999999.99"),
            "window_months": row.integer("window_months", 1, 120),
        }
        ceiling = row.decimal("ceiling", "0.01", "999999999999.99")
        distribution = row.choice("distribution", Distribution.values)
        try:
            load_programme(
                {**words, "opens_on": opens_on, "distribution": distribution, "ceiling": ceiling, "rules": rules}
            )
        except ValidationError as error:
            raise row.fault("; ".join(error.messages)) from error
        except Refused as refused:
            raise row.fault("; ".join(str(reason) for reason in refused.reasons)) from refused
        created, unchanged = created + (row["code"] not in known), unchanged + (row["code"] in known)
    return [Outcome(str(Programme._meta.verbose_name_plural), created=created, unchanged=unchanged)]
