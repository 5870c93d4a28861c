"""What a business fills in to be paid, and what the authority writes on a claim."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import DateField, EuroField, KvkField, UploadField, only_when
from core.identifiers import normalise_vat_id
from core.wording import euro
from vouchers.enums import CheckCode, CheckOutcome, ClaimState, LowerGround, Payee, Regime
from vouchers.models import Claim
from vouchers.services.arithmetic import compute
from vouchers.services.claim import accounts_of, regime_of

TEXT = 4000


class InvoiceForm(forms.Form):
    """What stands on the invoice."""

    number = forms.CharField(label=_("Invoice number"), max_length=60)
    dated = DateField(label=_("Invoice date"))
    excl = EuroField(label=_("Amount without VAT"), help_text=_("In euros."))
    incl = EuroField(label=_("Amount with VAT"))
    description = forms.CharField(
        label=_("What is the invoice for?"),
        max_length=300,
        help_text=_("Copy the words on the invoice, with the name of the solution."),
    )
    kvk = KvkField(label=_("KvK number of the provider on the invoice"), required=False)
    vat_id = forms.CharField(label=_("VAT number of the provider on the invoice"), max_length=20, required=False)
    is_last = forms.TypedChoiceField(
        label=_("Is this the last invoice for this voucher?"),
        choices=[("yes", _("Yes, this is the only or the last one")), ("no", _("No, another one will follow"))],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )
    file = UploadField(label=_("The invoice"))

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any):
        kwargs.setdefault("initial", _invoice_of(claim))
        super().__init__(*args, **kwargs)
        self.fields["file"].required = claim.invoice_file_id is None
        if claim.invoice_file_id:
            self.fields["file"].help_text = _("You uploaded %(name)s. Choose another file only to replace it.") % {
                "name": claim.invoice_file.name
            }

    def clean_vat_id(self) -> str:
        number = normalise_vat_id(self.cleaned_data["vat_id"])
        if len(number) > 16 or not number.isascii():
            raise ValidationError(_("This is not a VAT number. A Dutch one looks like NL002455799B11."))
        return number


def _invoice_of(claim: Claim) -> dict[str, Any]:
    return {
        "number": claim.invoice_number,
        "dated": claim.invoice_date,
        "excl": claim.invoice_excl,
        "incl": claim.invoice_incl,
        "description": claim.invoice_description,
        "kvk": claim.invoice_kvk,
        "vat_id": claim.invoice_vat_id,
        "is_last": "yes" if claim.is_last else "no",
    }


class PaymentForm(forms.Form):
    """Who gets the money, and on which account."""

    payee = forms.ChoiceField(
        label=_("Who should get the money?"),
        choices=[
            (Payee.SME, _("My business: we have paid the whole invoice, or will")),
            (Payee.PROVIDER, _("The provider: we pay only our own share and the VAT")),
        ],
        widget=forms.RadioSelect,
    )
    account = forms.ModelChoiceField(
        label=_("On which account of your business?"),
        queryset=None,
        required=False,
        help_text=_("You do not need to choose one when the provider gets the money."),
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any):
        own = claim.bank_account_id if claim.payee == Payee.SME else None
        kwargs.setdefault("initial", {"payee": claim.payee, "account": own})
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts_of(claim)
        self.fields["account"].label_from_instance = lambda account: f"{account.holder} {account}"


class UsersForm(forms.Form):
    """The people who work with the solution, as many as the programme asks at most. Empty rows are skipped; a half-filled row is an error."""

    def __init__(self, *args: Any, claim: Claim, rows: int = 3, **kwargs: Any):
        named = list(claim.end_users.all())
        most = claim.voucher.application.rule_set.most_end_users
        rows = max(1, min(most, max(rows, len(named))))
        initial = {}
        for number, user in enumerate(named, 1):
            initial |= {f"name_{number}": user.name, f"email_{number}": user.email}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self.rows = rows
        for number in range(1, rows + 1):
            required = number == 1
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Name of person %(number)s") % {"number": number}, max_length=120, required=required
            )
            self.fields[f"email_{number}"] = forms.EmailField(
                label=_("E-mail address of person %(number)s") % {"number": number}, max_length=254, required=required
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(1, self.rows + 1):
            name, email = cleaned.get(f"name_{number}"), cleaned.get(f"email_{number}")
            if email and not name and f"name_{number}" not in self.errors:
                self.add_error(f"name_{number}", _("Fill in the name as well."))
            if name and not email and f"email_{number}" not in self.errors:
                self.add_error(f"email_{number}", _("Fill in the e-mail address as well."))
        return cleaned

    def people(self) -> list[tuple[str, str]]:
        """The filled rows."""
        rows = [(self.cleaned_data[f"name_{n}"], self.cleaned_data[f"email_{n}"]) for n in range(1, self.rows + 1)]
        return [(name, email) for name, email in rows if name and email]


class ProofForm(forms.Form):
    """The answer to a question, with proof when that is asked: what was asked for has to be given."""

    text = forms.CharField(
        label=_("Your answer"), max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    payment_proof = UploadField(
        label=_("Proof that you paid the invoice"),
        help_text=_("For example a bank statement. You may cross out other payments."),
        required=False,
    )
    use_proof = UploadField(
        label=_("Proof that you have used the solution for 30 days"),
        help_text=_("For example a screenshot with a date."),
        required=False,
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any):
        kwargs.setdefault("initial", {"text": claim.answer})
        super().__init__(*args, **kwargs)
        proof = claim.needs_proof or regime_of(claim.voucher) == Regime.FULL
        self.fields["text"].required = claim.state == ClaimState.MORE_INFORMATION and not proof
        self.fields["payment_proof"].required = proof and claim.payment_proof_id is None
        self.fields["use_proof"].required = proof and claim.use_proof_id is None
        for name, stored in [("payment_proof", claim.payment_proof), ("use_proof", claim.use_proof)]:
            if stored:
                self.fields[name].help_text = _("You uploaded %(name)s. Choose another file only to replace it.") % {
                    "name": stored.name
                }


class TextForm(forms.Form):
    """A few sentences."""

    text = forms.CharField(label=_("Your text"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, label: Any = None, help_text: Any = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
        self.fields["text"].help_text = help_text


class AmountForm(forms.Form):
    """An amount that may be lower than the rules give, with its ground. Zero is allowed here: nothing is paid then."""

    ground = forms.ChoiceField(
        label=_("Is there a reason to pay less?"), choices=LowerGround, required=False, widget=forms.RadioSelect
    )
    amount = only_when(
        EuroField(
            label=_("Then how much?"),
            zero=True,
            required=False,
            help_text=_("In euros. Fill in 0 when nothing should be paid."),
        ),
        _("only if it is less"),
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any):
        super().__init__(*args, **kwargs)
        full = _("No: the amount of %(amount)s is right") % {"amount": euro(compute(claim).amount)}
        self.fields["ground"].choices = [("", full), *LowerGround.choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ground") and cleaned.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Fill in the lower amount."))
        if not cleaned.get("ground") and cleaned.get("amount") is not None:
            self.add_error("ground", _("Choose why the amount is lower."))
        return cleaned

    def lower(self) -> dict[str, Any]:
        """`amount` and `ground` for the service; both None when the arithmetic stands."""
        ground = self.cleaned_data.get("ground")
        return {"amount": self.cleaned_data.get("amount"), "ground": LowerGround(ground) if ground else None}


class AdviceForm(AmountForm):
    """The assessor's advice: a judgement on every check that did not pass, an amount, and words."""

    text = forms.CharField(label=_("Your advice"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 5}))
    field_order: list[str] = []

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any):
        super().__init__(*args, claim=claim, **kwargs)
        self.open_checks = [f for f in claim.findings if f.outcome != CheckOutcome.PASS]
        for finding in self.open_checks:
            code = finding.code.value
            label = CheckCode(code).label
            self.fields[f"accept_{code}"] = forms.TypedChoiceField(
                label=label,
                help_text=str(finding.seen),
                choices=[("yes", _("I looked at it and it is in order")), ("no", _("It is not in order"))],
                coerce=lambda value: value == "yes",
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{code}"] = forms.CharField(
                label=_("What did you see? (%(check)s)") % {"check": label}, max_length=500
            )
        first = [name for f in self.open_checks for name in (f"accept_{f.code.value}", f"note_{f.code.value}")]
        self.order_fields([*first, "ground", "amount", "text"])

    def judgements(self) -> dict[str, tuple[bool, str]]:
        codes = [finding.code.value for finding in self.open_checks]
        return {code: (self.cleaned_data[f"accept_{code}"], self.cleaned_data[f"note_{code}"]) for code in codes}


class DecideForm(AmountForm):
    """The decider's amount; empty means: as advised."""

    explanation = forms.CharField(
        label=_("Explanation in the letter"),
        help_text=_("Needed when the amount is lower."),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any):
        self.lower_advised = lower = bool(claim.advised_ground)
        kwargs.setdefault(
            "initial",
            {
                "ground": claim.advised_ground,
                "amount": claim.advised_amount if lower else "",
                "explanation": claim.advice if lower else "",
            },
        )
        super().__init__(*args, claim=claim, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Without a ground the amount is as advised; a lower advice is not overruled by leaving its ground out."""
        cleaned = super().clean()
        if self.lower_advised and not cleaned.get("ground"):
            self.add_error(
                "ground",
                _("The advice is to pay less. Do you think the full amount is right? Send it back to the assessor."),
            )
        return cleaned


class ClaimFilterForm(forms.Form):
    """Search and filters of the queue, in the address."""

    q = forms.CharField(label=_("Search"), max_length=80, required=False)
    state = forms.ChoiceField(label=_("Status"), required=False)
    mine = forms.BooleanField(label=_("Only what I took up"), required=False)

    def __init__(self, *args: Any, states: list[tuple[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("Everything that waits")), ("all", _("All")), *states]
