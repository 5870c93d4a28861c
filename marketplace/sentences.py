"""What every act in the audit trail is called: the second half of the sentence that begins with who did it (DESIGN 2, 4.14).

By the model that was acted on, then by the verb or action as `core.workflow` was told it. A test walks all verbs of all
machines and every action that the code records, and fails on one that is missing here.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

REFERENCE = "load_reference"
"""The one action that is done to whole tables, whichever they are."""

ACCOUNTS: dict[str, dict[str, Promise]] = {
    "accounts.organisation": {
        "register": _("registered the organisation"),
        "set_up": _("set up the organisation"),
        "grant_role": _("gave a person a role"),
        "withdraw_role": _("took a role away from a person"),
        "change_facts": _("changed what is known of the business"),
        "add_bank_account": _("added a bank account"),
        "end_bank_account": _("ended a bank account"),
        "bring_back_bank_account": _("brought back a bank account that was ended"),
        "record_insolvency": _("recorded a bankruptcy"),
        "declare_interest": _("declared an interest in the organisation"),
        "end_interest": _("ended an interest in the organisation"),
        "verify_bank_account": _("checked a bank account"),
    },
    "accounts.user": {
        "change_profile": _("changed their own details"),
        "make_api_key": _("made an API key"),
        "withdraw_api_key": _("withdrew an API key"),
        "erase": _("erased the details of a person"),
    },
}

PROVIDERS: dict[str, dict[str, Promise]] = {
    "providers.provider": {
        "register": _("registered as a provider"),
        "update_profile": _("changed the page of the provider"),
        "start_dossier": _("started a dossier"),
        "announce": _("sent a notice of intent about the provider"),
        "react": _("reacted to a notice of intent"),
        "drop_measure": _("dropped the announced measure"),
        "admit": _("admitted the provider"),
        "renew": _("renewed the admission"),
        "suspend": _("suspended the provider"),
        "reinstate": _("ended the suspension of the provider"),
        "remove": _("removed the provider"),
        "leave": _("left as a provider"),
        "reapply": _("applied again as a provider"),
    },
    "providers.dossier": {
        "start": _("started the dossier"),
        "answer": _("answered an item of the dossier"),
        "add_file": _("added a file to the dossier"),
        "remove_file": _("removed a file from the dossier"),
        "submit": _("handed in the dossier"),
        "take_up": _("started checking the dossier"),
        "ask_more": _("asked the provider for more"),
        "verdict": _("gave a verdict on an item of the dossier"),
        "advise": _("gave advice on the dossier"),
        "announce": _("announced a rejection of the dossier"),
        "react": _("reacted to the announced rejection"),
        "approve": _("approved the dossier"),
        "reject": _("rejected the dossier"),
        "return_to_assessor": _("sent the dossier back to the assessor"),
        "dismiss": _("set the dossier aside as incomplete"),
        "reopen": _("opened the dossier again after an objection"),
        "withdraw": _("withdrew the dossier"),
    },
    "providers.solution": {
        "create": _("described a new solution"),
        "update": _("changed the description of the solution"),
        "price": _("changed a package or its price"),
        "refresh_price": _("brought the first year’s price up to date"),
        "approve_price": _("approved a price"),
        "extend": _("extended how long the solution is listed"),
        "list": _("put the solution in the catalogue"),
        "prefer": _("put the solution on the preferred list"),
        "warn": _("put the solution on notice"),
        "restore": _("took back the notice to the solution"),
        "drop": _("took the solution off the preferred list"),
        "suspend": _("suspended the solution"),
        "reinstate": _("ended the suspension of the solution"),
        "retire": _("retired the solution"),
        "judge": _("tested the solution against the rule of the preferred list"),
        "raise": _("raised a concern about the solution"),
        "resolve": _("settled a concern about the solution"),
        "lift": _("lifted a concern about the solution"),
        "reply": _("replied to the notice"),
        "invite": _("invited a reference customer"),
        "invite_user": _("invited an end user"),
        "resend": _("sent an invitation again"),
        "withdraw_invitation": _("withdrew an invitation"),
        "answer": _("told what the solution brought"),
        "withhold": _("left an answer of an end user out"),
        "count_again": _("let an answer of an end user count again"),
    },
    "providers.baseline": {"record_baseline": _("recorded how the work went before")},
    "providers.feedbackinvitation": {"send_invitation": _("sent an invitation to give feedback")},
}

ROADMAP: dict[str, dict[str, Promise]] = {
    "roadmap.scan": {
        "claim_scan": _("saved the scan with the business"),
        "delete_scan": _("deleted the scan"),
        "change_have": _("changed what the business already has"),
        "set_progress": _("recorded how far a step is"),
    },
}

VOUCHERS: dict[str, dict[str, Promise]] = {
    "vouchers.programme": {
        "set_up_programme": _("set up the programme"),
        "change_programme": _("changed the programme"),
        "new_rules": _("gave the programme a new version of its rules"),
    },
    "vouchers.budget": {"set_ceiling": _("changed the ceiling")},
    "vouchers.application": {
        "start": _("started the application"),
        "write": _("filled in a part of the application"),
        "submit": _("sent the application"),
        "reserve": _("set money aside for the application"),
        "take_up": _("started assessing the application"),
        "ask_more": _("asked the applicant for more"),
        "verdict": _("gave a verdict on a condition"),
        "correct_line": _("changed the cost that counts"),
        "advise": _("gave advice on the application"),
        "send_intent": _("sent a notice of intent to refuse"),
        "answer_intent": _("gave a view on the notice of intent"),
        "award": _("awarded the application"),
        "refuse": _("refused the application"),
        "dismiss": _("closed the application as incomplete"),
        "queue": _("put the application on the waiting list"),
        "return_to_assessor": _("sent the application back to the assessor"),
        "reopen": _("opened the application again after an objection"),
        "withdraw": _("withdrew the application"),
    },
    "vouchers.voucher": {
        "issue": _("issued the voucher"),
        "record_order": _("wrote down the order"),
        "confirm_order": _("confirmed the order"),
        "record_delivery": _("wrote down the delivery"),
        "confirm_delivery": _("confirmed the delivery"),
        "extend": _("extended the term of delivery"),
        "replace_provider": _("replaced the provider of the voucher"),
        "start_claim": _("started a request for payment"),
        "remind": _("sent a reminder"),
        "intend": _("sent a notice of intent about the voucher"),
        "respond": _("reacted to a notice about the voucher"),
        "hold": _("changed what the budget keeps for the voucher"),
        "settle": _("settled the voucher"),
        "close": _("closed the voucher"),
        "reopen": _("opened the voucher again"),
        "lapse": _("let the voucher lapse"),
        "cancel": _("cancelled the voucher"),
        "revoke": _("revoked the voucher"),
        "reinstate": _("made the voucher valid again"),
    },
    "vouchers.claim": {
        "start": _("started the request for payment"),
        "change": _("changed the request for payment"),
        "check": _("had the request for payment checked"),
        "submit": _("sent the request for payment"),
        "take_up": _("started checking the request for payment"),
        "ask_more": _("asked the business for more about the payment"),
        "judge": _("judged the checks of the request for payment"),
        "advise": _("gave advice on the payment"),
        "intend": _("sent a notice of intent to pay less or ask money back"),
        "respond": _("reacted to the notice about the payment"),
        "determine": _("determined the amount"),
        "return_to_assessor": _("sent the request for payment back to the assessor"),
        "revise": _("opened the amount again"),
        "withhold": _("withheld the payment"),
        "release": _("let the payment go"),
        "send_payment": _("handed the payment over to be paid"),
        "stop_payment": _("stopped the payment"),
        "pay": _("recorded that it was paid"),
        "return_funds": _("recorded that the payment came back"),
        "receive_back": _("recorded that money was paid back"),
        "settle_at_nil": _("closed the request for payment at nothing"),
        "close": _("closed the request for payment"),
        "withdraw": _("withdrew the request for payment"),
    },
    "vouchers.reclaim": {
        "decide": _("decided to ask money back"),
        "notify": _("told the business to pay back"),
        "receive": _("received the money back"),
        "write_off": _("wrote the reclaim off"),
        "annul": _("annulled the reclaim"),
    },
    "vouchers.objection": {
        "file": _("objected to a decision"),
        "hear": _("recorded a hearing"),
        "uphold": _("upheld the objection"),
        "uphold_in_part": _("upheld the objection in part"),
        "reject": _("rejected the objection"),
        "declare_inadmissible": _("declared the objection inadmissible"),
        "withdraw": _("withdrew the objection"),
    },
}

PAYOUTS: dict[str, dict[str, Promise]] = {
    "payouts.batch": {
        "prepare": _("prepared the batch"),
        "seal": _("made the file for the bank"),
        "release": _("released the batch"),
        "download": _("downloaded the file for the bank"),
        "confirm": _("confirmed that the bank booked the batch"),
        "cancel": _("cancelled the batch"),
        "close": _("closed the batch"),
    },
    "payouts.payout": {
        "prepare": _("prepared the payout"),
        "approve": _("approved the payout"),
        "release": _("released the payout"),
        "send": _("sent the payout"),
        "look_up": _("looked up the payout at the bank or payment service"),
        "settle": _("recorded that the payout was paid"),
        "return_funds": _("recorded that the payout came back"),
        "decline": _("recorded that the payout was rejected"),
        "lose": _("lost track of the payout"),
        "absent": _("established that the payout was never made"),
        "escalate": _("handed the payout to people to sort out"),
        "void": _("took back the approval of the payout"),
        "cancel": _("cancelled the payout"),
        "propose": _("proposed what became of the payout"),
        "report_return": _("reported that the payout came back"),
        "withdraw_proposal": _("withdrew the proposal about the payout"),
    },
    "payouts.inboxevent": {
        "receive": _("received a message of the payment service"),
        "process": _("processed the message"),
        "ignore": _("ignored the message, which asks nothing"),
        "quarantine": _("set the message apart for people"),
        "clear": _("dealt with the message"),
    },
}

SENTENCES = {**ACCOUNTS, **PROVIDERS, **ROADMAP, **VOUCHERS, **PAYOUTS}

MACHINES: dict[str, Promise] = {
    "demo": _("Trede (demo data)"),
    "reference": _("Trede (reference data)"),
    "prices": _("Trede (prices)"),
    "calendar": _("Trede (calendar)"),
    "standing": _("Trede (preferred list)"),
    "end-user": _("An end user"),
    "visitor": _("A visitor"),
    "vouchers": _("Trede (vouchers)"),
    "ceiling": _("Trede (ceiling)"),
    "waiting-list": _("Trede (waiting list)"),
    "feedback": _("Trede (feedback)"),
    "terms": _("Trede (terms)"),
    "payouts": _("Trede (payments)"),
    "retention": _("Trede (retention)"),
    "grant_role": _("An administrator"),
    "set_up_authority": _("An administrator"),
    "erase_person": _("An administrator"),
}
"""Who acts where no person does, by the name of the system actor."""


def sentence(model: str, action: str) -> str:
    """What was done, in words; the code of the action itself when it has none (a row of before it was renamed)."""
    if action == REFERENCE:
        return gettext("loaded reference data")
    words = SENTENCES.get(model, {}).get(action)
    return str(words) if words else gettext("did “%(action)s”") % {"action": action}


def actions() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Per model its actions as (`vouchers.application award`, words), for a list to choose from."""
    for model, verbs in SENTENCES.items():
        yield model, [(f"{model} {action}", words) for action, words in verbs.items()]
