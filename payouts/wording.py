"""Short codes of machines and rails, in words for the people who handle them. A code nobody has words for stays itself."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SAID: dict[str, Promise] = {
    "reported": _("somebody reported it"),
    "left_behind": _("the sender stopped halfway"),
    "no_reply": _("no answer"),
    "malformed": _("an answer that makes no sense"),
    "balance_insufficient": _("not enough money at the payment service"),
    "resource_missing": _("the payment service does not know the account"),
    "rate_limit": _("the payment service was too busy"),
    "idempotency_key_in_use": _("the same request was still being handled"),
    "several_transfers": _("more than one transfer under this name"),
    "claim_changed": _("the money left, but the claim has changed"),
    "claim_withheld": _("the money left, but the claim is withheld"),
    "changed": _("the claim or the account has changed"),
    "fell_out": _("fell out at the release"),
    "taken_out": _("taken out of the batch"),
    "batch_cancelled": _("the batch was cancelled"),
    "never_sent": _("never sent, two people say"),
    "two_people": _("two people found this out"),
    "reversed": _("the transfer was taken back"),
    "partly_reversed": _("part of the transfer was taken back"),
    "account_closed": _("the account is closed"),
    "wrong_account": _("the account does not exist"),
    "refused_by_payee": _("the payee did not want it"),
    "bank_other": _("another reason of the bank"),
    "bad_iban": _("the account number is not right"),
    "outside_sepa": _("the account is outside the countries a bank file can reach"),
    "bad_amount": _("the amount does not fit"),
    "no_remittance": _("the text does not fit"),
    "no_payer_name": _("our own name does not fit"),
    "invalid_file": _("the file does not follow the standard"),
    "none_found": _("nothing found"),
    "other_mode": _("a message of the test environment, or the other way round"),
    "other_account": _("a message about somebody else’s account"),
    "not_found": _("the transfer does not exist"),
    "no_transfer_named": _("no transfer in the message"),
    "unknown_payout": _("not one of our payments"),
    "second_transfer": _("a second transfer for a payment that was made"),
    "while_ready": _("a transfer for a payment that was not sent yet"),
    "while_rejected": _("a transfer for a payment that was refused"),
    "while_cancelled": _("a transfer for a payment that was cancelled"),
    "while_manual": _("a transfer for a payment that people look at"),
    "differs_in_amount": _("another amount"),
    "differs_in_destination": _("another account"),
}


def said(code: str) -> str:
    """`code` in words, or itself."""
    return str(_SAID.get(code, code))
