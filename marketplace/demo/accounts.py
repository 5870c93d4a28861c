"""The accounts that the demo publishes: one list for the login page, for `make run` and for the loader (DESIGN 8)."""

from django.utils.translation import gettext_lazy as _

PASSWORD = "trede-demo"  # noqa: S105 - published on purpose: it opens the demo and nothing else
DOMAIN = "demo.example"

ACCOUNTS = [
    ("sme", _("small business with a voucher")),
    ("sme2", _("another small business")),
    ("provider", _("provider")),
    ("provider2", _("another provider")),
    ("assessor", _("checks dossiers, applications and claims")),
    ("assessor2", _("checks too: nobody checks both an application and a claim under it")),
    ("decider", _("decides what somebody else checked")),
    ("decider2", _("decides, and can check too")),
    ("treasurer", _("prepares payments")),
    ("approver", _("releases payments")),
    ("manager", _("sees budgets, cases and payments")),
    ("manager2", _("sees the same, second person")),
    ("adviser", _("adviser of the desk")),
    ("auditor", _("reads everything, changes nothing")),
]
"""Name in front of `@demo.example`, and what the account is for."""


def address(name: str) -> str:
    """The e-mail address of an account of the demo."""
    return f"{name}@{DOMAIN}"
