"""One request and one answer of each kind, for the description and the page about the API. Everything is made up."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from api.serializers.fields import QUESTIONS

ORIGIN = "https://trede.example"
TOKEN = "kQ3vJ0yHq1hXo0y8m4t2cW9sB7nR5pLd"  # noqa: S105 - an example

SCAN_ASKED: dict[str, Any] = {
    "sector": "HORECA",
    "answers": dict(zip(QUESTIONS, [2, 3, 2, 1, 2, 3, 2, 2, 1, 2, 2, 2], strict=True)),
    "municipality": "GM0014",
    "headcount": 6,
    "have": ["KASSA"],
    "sbi": "56.10",
}
ESTIMATE_ASKED = {"eligible_cost": "22500.00"}
CREDENTIALS = {"email": "sme@demo.example", "password": "trede-demo"}

SECTOR = {
    "code": "HORECA",
    "name": "Food service, accommodation and tourism",
    "name_nl": "Horeca, verblijf en toerisme",
    "name_en": "Food service, accommodation and tourism",
    "sbi": ["55", "56", "79"],
}
CATEGORY = {
    "code": "RESERV",
    "group": "klant",
    "name": "Booking and appointments",
    "name_nl": "Online reserveren en afspraken",
    "name_en": "Booking and appointments",
    "why": "Customers book outside opening hours.",
    "prerequisites": "WEBSITE",
    "min_level": 1,
    "hardware_component": False,
    "benefit": "time",
}
PROVINCE = {"code": "PV20", "name": "Groningen", "in_programme": True}
MUNICIPALITY = {
    "code": "GM0014",
    "name": "Groningen",
    "province": "PV20",
    "province_name": "Groningen",
    "latitude": 53.2183,
    "longitude": 6.621,
}
QUESTION = {
    "code": "A1",
    "questionnaire": 1,
    "block": "A",
    "position": 1,
    "stem": "Through digital technology",
    "text": "our products or services have changed",
    "lowest": 1,
    "highest": 5,
    "anchor_low": "Not at all",
    "anchor_high": "Very much",
    "help": "Think of what you sell and how customers get it.",
}
PROGRAMME = {
    "code": "digitale-trede",
    "name": "Digital Rung",
    "name_nl": "Digitale Trede",
    "name_en": "Digital Rung",
    "opens_on": "2026-01-01",
    "closes_on": None,
    "open": True,
    "distribution": "counter",
    "rules": {
        "version": 1,
        "rate": "80.00",
        "cap": "18000.00",
        "minimum": "500.00",
        "window_months": 12,
        "provinces": ["PV20", "PV21", "PV22"],
    },
    "budget": {
        "ceiling": "2000000.00",
        "reserved": "15714.24",
        "committed": "59302.72",
        "paid": "19686.40",
        "available": "1905296.64",
    },
}
ESTIMATE = {
    "award": "18000.00",
    "own_contribution": "4500.00",
    "arithmetic": [
        {"code": "vouchers.row.eligible", "label": "Cost that counts", "amount": "22500.00"},
        {"code": "vouchers.row.rate", "label": "80 % of the cost that counts", "amount": "18000.00"},
        {"code": "vouchers.row.cap", "label": "Maximum per business in 12 months", "amount": "18000.00"},
        {"code": "vouchers.row.award", "label": "Voucher", "amount": "18000.00"},
        {"code": "vouchers.row.own", "label": "You pay yourself", "amount": "4500.00"},
    ],
    "reasons": [],
}
SOLUTION = {
    "slug": "kassa-zo",
    "name": "Kassa Zo",
    "summary": "Till and stock in one.",
    "category": "KASSA",
    "category_name": "Till and point of sale",
    "provider": 14,
    "provider_name": "Oldambt Online",
    "state": "preferred",
    "preferred": True,
    "on_trial": False,
    "evidence_ageing": False,
    "sectors": ["HORECA"],
    "min_level": 1,
    "max_level": 3,
    "price": "1600.00",
}
SOLUTION_WHOLE = {
    **SOLUTION,
    "description": "A till for cafés and restaurants, with the stock beside it.",
    "provinces": [],
    "valid_until": "2027-11-30",
    "packages": [
        {
            "id": 31,
            "name": "Basic",
            "included": "Set-up, half a day of training, support.",
            "unit": "location",
            "max_quantity": 1,
            "term_months": 12,
            "one_off": "1000.00",
            "monthly": "50.00",
            "hardware_part": "0.00",
            "first_year": "1600.00",
            "three_years": "2800.00",
        }
    ],
    "evidence": {
        "on": "2026-11-01",
        "rule": {"code": "standard", "version": 1},
        "benefit": "time",
        "passes": True,
        "enough": True,
        "smes": 6,
        "users": 8,
        "invited": 10,
        "answered": 8,
        "withheld": 0,
        "references_count": False,
        "gains": ["15.0", "15.0", "20.0", "20.0", "25.0", "30.0"],
        "mean": "23.1",
        "satisfaction": "4.2",
        "interval": {"low": "17.9", "high": "26.4"},
        "between": {"low": "16.6", "high": "27.7"},
        "findings": [
            {
                "condition": "mean",
                "label": "The average gain is high enough",
                "outcome": "met",
                "value": "23.1",
                "needed": "15.0",
                "of": None,
                "unit": "percent",
            }
        ],
        "grounds": [],
    },
}
STEP = {
    "category": "BACKUP",
    "name": "Backup and recovery",
    "level": 1,
    "priority": 2,
    "kind": "recommended",
    "reason": "Data can be put back after a failure or ransomware.",
    "required_by": [],
    "only_sbi": [],
    "limit_why": "",
    "listed": 4,
    "preferred": 1,
    "price_from": "240.00",
    "price_to": "1800.00",
    "voucher": "1440.00",
}
ROADMAP = {"sector": "HORECA", "level": 2, "steps": [STEP], "preview": []}
SCAN = {
    "token": TOKEN,
    "page": f"{ORIGIN}/en/scan/{TOKEN}/",
    "created_at": "2026-11-28T09:41:07+01:00",
    "questionnaire": 1,
    **SCAN_ASKED,
    "sum": 24,
    "score": "4.00",
    "level": 2,
    "weakest": ["A4", "B3"],
    "steps": [STEP],
    "preview": [],
}
ME = {
    "email": "sme@demo.example",
    "name": "Sanne",
    "organisations": [{"id": 3, "name": "Bakkerij Voorbeeld", "kind": "sme", "role": "owner"}],
}
INDEX = {
    "version": "1",
    "description": f"{ORIGIN}/api/v1/schema/",
    "page": f"{ORIGIN}/en/api/",
    "endpoints": {"sectors": f"{ORIGIN}/api/v1/sectors/", "solutions": f"{ORIGIN}/api/v1/solutions/"},
}


def asked(value: Any) -> OpenApiExample:
    """An example of a request."""
    return OpenApiExample("request", value=value, request_only=True)


def answered(value: Any, status: int = 200) -> OpenApiExample:
    """An example of an answer; of one row of it where the answer is a list."""
    return OpenApiExample("answer", value=value, response_only=True, status_codes=[str(status)])
