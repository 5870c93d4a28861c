"""What a provider reads beside each checklist item, and the fields it fills in for it.

The checklist itself is data; these words explain it to somebody who runs a business. A figure is a field with a form the
machine can read, so that a check can do the arithmetic (`providers.rules.checks`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class FigureKind(StrEnum):
    """How a figure is written and stored: an amount in euros, an ISO date, a whole number, an IBAN, an address, a text, a tick."""

    AMOUNT = "amount"
    DATE = "date"
    COUNT = "count"
    IBAN = "iban"
    URL = "url"
    TEXT = "text"
    ACCEPT = "accept"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One field of an answer. A figure that is not required may stay empty."""

    name: str
    kind: FigureKind
    label: Any
    hint: Any = ""
    required: bool = True


def _amount(name: str, label: Any, hint: Any = "") -> Figure:
    return Figure(name=name, kind=FigureKind.AMOUNT, label=label, hint=hint)


def _date(name: str, label: Any, hint: Any = "", *, required: bool = True) -> Figure:
    return Figure(name=name, kind=FigureKind.DATE, label=label, hint=hint, required=required)


def _count(name: str, label: Any, hint: Any = "") -> Figure:
    return Figure(name=name, kind=FigureKind.COUNT, label=label, hint=hint)


FIGURES: Mapping[str, tuple[Figure, ...]] = {
    "FIN-01": (
        _amount("total_assets", _("Total assets in euros"), _("Everything on the left side of your balance sheet.")),
        _amount("total_liabilities", _("Total debts in euros"), _("Short-term and long-term debts together.")),
    ),
    "FIN-02": (
        _amount("current_assets", _("Current assets in euros"), _("Stock, invoices to be paid to you, and cash.")),
        _amount("current_liabilities", _("Short-term debts in euros"), _("What you have to pay within a year.")),
    ),
    "FIN-03": (_date("checked_on", _("Day you looked in the insolvency register")),),
    "FIN-04": (_date("issued_on", _("Date on the statement")),),
    "FIN-05": (
        Figure(name="iban", kind=FigureKind.IBAN, label=_("IBAN")),
        Figure(
            name="holder",
            kind=FigureKind.TEXT,
            label=_("Name on the account"),
            hint=_("Exactly as it is on your bank statement."),
        ),
    ),
    "INS-01": (
        _amount("insured_sum", _("Insured sum per event in euros")),
        _date("insured_until", _("Insured until")),
    ),
    "INT-04": (
        Figure(name="code_version", kind=FigureKind.ACCEPT, label=_("We agree to the code of conduct for providers.")),
    ),
    "INT-06": (_date("checked_on", _("Day you looked at the sanctions list")),),
    "ORG-05": (
        Figure(
            name="url",
            kind=FigureKind.URL,
            label=_("Web address"),
            hint=_("Starts with https:// and shows the solution you want to list."),
        ),
    ),
    "SEC-01": (
        _date(
            "certificate_until",
            _("Certificate valid until"),
            _("Leave this empty if you hand in an own assessment."),
            required=False,
        ),
    ),
    "SEC-03": (
        Figure(
            name="url",
            kind=FigureKind.URL,
            label=_("Web address for reporting a weak spot"),
            hint=_("For example your contact page. Leave it empty if you hand in a policy."),
            required=False,
        ),
    ),
    "SEC-02": (
        _date("tested_on", _("Day of the test")),
        _count("critical_findings", _("Open critical findings"), _("0 if everything was repaired.")),
    ),
    "SEC-05": (_date("tested_on", _("Day you last restored a back-up as a test")),),
    "EXT-01": (_count("notice_months", _("Notice period in months")),),
    "LAW-01": (_count("cancellation_months", _("Notice period after the first year, in months")),),
    "SUP-01": (_count("working_days", _("Working days until you answer")),),
}
"""The figures of an item. An item that is not here is answered in words or with a file."""

HINTS: Mapping[str, Any] = {
    "ACC-01": _("Can everybody use the parts that your customers' customers see? Tell us which standard you follow."),
    "ENV-01": _(
        "If you like, tell how you deal with energy, waste and travel. It does not count for your place in the list."
    ),
    "EXT-01": _(
        "How does a customer get its data out when it leaves? Name the file format, the time it takes and the cost."
    ),
    "EXT-02": _("Which standard links does the solution have? For example an API, Peppol or XML."),
    "EXT-03": _("Show where your contract says that domain name, content and data belong to the customer."),
    "EXT-04": _("What happens to the customer's data and service if you stop?"),
    "FIN-01": _(
        "Take the figures from your last annual accounts and add those accounts. Sole traders and partnerships may say that this does not apply."
    ),
    "FIN-02": _(
        "Take the figures from your last annual accounts. Sole traders and partnerships may say that this does not apply."
    ),
    "FIN-03": _(
        "Look up your business in the Central Insolvency Register and tell us on which day you did. Suspension of payments"
        " (surseance) means that a judge lets a business pay its debts later."
    ),
    "FIN-04": _("Ask the tax office for a statement of payment behaviour. It may be at most 6 months old."),
    "FIN-05": _("Add a bank statement on which the IBAN and the name can be read. You may cover the amounts."),
    "INS-01": _(
        "Add the policy of your professional liability insurance, with cover for cyber risks if you keep customers' data."
    ),
    "INT-01": _(
        "Declare that none of the grounds for exclusion applies: fraud, bribery, cartels, false statements. UEA is the"
        " European form for this (Uniform Europees Aanbestedingsdocument); you may use it."
    ),
    "INT-02": _("Declare whether anybody in your business is connected to a person who assesses or decides here."),
    "INT-03": _(
        "Only if we ask you for it: a certificate of conduct for your company (VOG RP), which you request from Justis."
    ),
    "INT-04": _("No cashback, no presents, no applying on behalf of a customer, no misuse of the label."),
    "INT-05": _("Declare that no other scheme has suspended or removed you."),
    "INT-06": _("Look for your business and its owners on the EU sanctions list and tell us on which day you did."),
    "LAW-01": _("Add your general terms. After the first year a customer can cancel within a month."),
    "LAW-02": _("Does the solution use artificial intelligence? Say for what, and in which risk class of the AI Act."),
    "LAW-03": _("Show where your quote says that the order only counts when the voucher is granted."),
    "ORG-01": _(
        "Add an extract from the trade register, at most one year old. A register of another European country is fine."
    ),
    "ORG-02": _("Have you been in business for at least 12 months? If not, say no: you can then take part on trial."),
    "ORG-03": _("Add a mandate that shows that you may sign for the business, or say that you are registered as such."),
    "ORG-04": _(
        "Who owns more than a quarter of the business, or decides in the end? Those are the UBOs (ultimate beneficial owners)"
        " in the trade register. Is it part of a group? Add a chart with the KvK numbers of the related companies."
    ),
    "ORG-05": _("A page where a customer can read about your solution."),
    "ORG-06": _("Do you make the solution yourself or do you resell it? If you resell it, name the maker."),
    "ORG-07": _("Do others do part of the work for you? Name them, with their KvK numbers."),
    "PRC-01": _(
        "Put your packages with their prices, without VAT, in your solution. Say here where the price list is published."
    ),
    "PRC-02": _("Declare that customers with a voucher pay no more than customers without one."),
    "PRC-03": _("We add up what each package costs over three years. Say here whether anything else comes on top."),
    "PRI-01": _("Do you handle personal data for the customer? Add your data-processing agreement."),
    "PRI-02": _("In which countries is the data kept, and which other businesses handle it?"),
    "REF-01": _(
        "Invite your reference customers at your solution. With five you are listed in full, with three or four on trial."
    ),
    "REF-02": _(
        "Show that your reference customers have used it for six months: a first invoice for each, or a list of dates."
    ),
    "REF-03": _("This is judged by the published rule, from the answers of end users. You do not have to do anything."),
    "REF-04": _(
        "Your reference customers answer this themselves, by a personal link. Say here whether there are open complaints."
    ),
    "REV-01": _("Tell us whether there are complaints that are not solved, and what you do about them."),
    "SEC-01": _("Add a certificate (ISO 27001, NEN 7510, Cyber Essentials), or a filled-in own assessment."),
    "SEC-02": _(
        "Do you keep customers' data? Add the report of a penetration test or a vulnerability scan of the last 12 months."
    ),
    "SEC-03": _("Where can somebody report a weak spot, and how do you bring out updates?"),
    "SEC-04": _("Show how a user switches on a second step when logging in, for example with a screenshot."),
    "SEC-05": _("Add the report of a restore test of the last 12 months."),
    "SOL-01": _("Show that the solution can do what is asked in its category."),
    "SOL-02": _("Did you show the solution to us? Add the report, or say why that is not needed."),
    "SUP-01": _("How soon do you answer a question? E-mail or a form must always be open."),
    "SUP-02": _("Are support and manual available in Dutch?"),
    "SUP-03": _("Show that setting up and training are part of the package."),
}
"""One or two sentences per item, in the words of a shopkeeper."""


GROUPS: Mapping[str, Any] = {
    "ORG": _("The business"),
    "FIN": _("Finances"),
    "INS": _("Insurance"),
    "INT": _("Integrity"),
    "SOL": _("The solution"),
    "PRC": _("Prices"),
    "REF": _("Reference customers"),
    "SUP": _("Support"),
    "SEC": _("Security"),
    "PRI": _("Privacy"),
    "LAW": _("Terms and law"),
    "EXT": _("Leaving and linking"),
    "ACC": _("Accessibility"),
    "ENV": _("Sustainability"),
    "REV": _("Yearly review"),
}
"""The chapters of the checklist, in the order in which somebody fills them in."""


def figures_of(code: str) -> tuple[Figure, ...]:
    """The figures asked for an item."""
    return FIGURES.get(code, ())


def hint_of(code: str) -> Any:
    """What to hand in for an item; empty for an item nobody has explained yet."""
    return HINTS.get(code, "")


def in_order(codes: list[str]) -> list[str]:
    """Item codes chapter by chapter, unknown chapters last."""
    chapters = list(GROUPS)
    place = {chapter: number for number, chapter in enumerate(chapters)}
    return sorted(codes, key=lambda code: (place.get(code[:3], len(chapters)), code))
