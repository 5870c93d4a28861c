"""Buttons that share an address: who may press which. Everybody here may read the page; the verb asks for the role itself."""

from tests.permissions.kinds import Access, Kind, Row, officials

_ASSESSOR, _DECIDER = officials(Kind.ASSESSOR), officials(Kind.DECIDER)


def _assess(action: str, **more: str) -> Row:
    return Row("vouchers:assess_case", "sent.pk", post=_ASSESSOR, body={"action": action, **more})


def _decide(action: str, **more: str) -> Row:
    return Row("vouchers:decide_case", "advised.pk", post=_DECIDER, body={"action": action, **more})


def _object(action: str, **more: str) -> Row:
    return Row("vouchers:objection", "objection.pk", post=_DECIDER, body={"action": action, **more})


def _take_back(name: str, args: str, action: str, who: Access, **more: str) -> Row:
    return Row(name, args, post=who, body={"action": action, "text": "Gelezen.", **more})


_REVOKED, _ASKED_BACK = (
    {"ground": "vouchers.revocation.not_done"},
    {"ground": "vouchers.reclaim.revised", "amount": "10"},
)
_EITHER = officials(Kind.ASSESSOR, Kind.DECIDER)

ACTS = [
    _take_back("vouchers:voucher_review", "voucher.number", "announce", _EITHER, **_REVOKED),
    _take_back("vouchers:voucher_review", "voucher.number", "revoke", _DECIDER, **_REVOKED),
    _take_back("vouchers:claim_reclaim", "claim_determined.pk", "announce", _EITHER, **_ASKED_BACK),
    _take_back("vouchers:claim_reclaim", "claim_determined.pk", "decide", _DECIDER, **_ASKED_BACK),
    _assess("take_up"),
    _assess("ask", question="Stuur een recente offerte."),
    _assess("verdict", code="@check.code", verdict="accepted", note="Gezien."),
    _assess("line", line="@sent_line.pk", assessed="100,00", note="Niet alles telt."),
    _assess("advise", advice="award", text="In orde."),
    _decide("award", explanation="Gefeliciteerd."),
    _decide("refuse", grounds="vouchers.refusal.not_eligible", explanation="Voldoet niet."),
    _decide("intent", grounds="vouchers.refusal.not_eligible", explanation="Wij willen afwijzen."),
    _decide("return"),
    _decide("dismiss", explanation="De offerte ontbreekt."),
    _decide("queue"),
    _object("hear"),
    *[
        _object(action, ruling=ruling, answer="Gelezen.")
        for action in ("check", "change", "decide")
        for ruling in ("uphold", "uphold_in_part", "reject", "declare_inadmissible")
    ],
]
