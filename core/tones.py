"""What a status means for the person who waits: the tone of its badge, in every room the same."""

# The tone of a state: what it means for the person waiting. One state name has one tone in every machine; the few
# exceptions carry their model's name.
TONES = {
    "neutral": {"draft", "prepared", "received", "applicant", "planned"},
    "waiting": {"submitted", "in_review", "advised", "ready", "sending", "hearing", "waiting_list", "busy"},
    "act": {"more_information", "on_notice", "unknown", "manual", "due", "withheld", "decided"},
    "good": {
        "approved", "admitted", "listed", "preferred", "awarded", "issued", "settled", "determined", "paid", "upheld",
        "upheld_in_part", "open", "done", "released", "met",
    },
    "bad": {"rejected", "refused", "dismissed", "suspended", "removed", "revoked", "lapsed", "returned", "inadmissible", "not_met"},
    "ended": {"withdrawn", "closed", "retired", "left", "cancelled", "annulled", "written_off", "expired", "not_applicable", "not_for_us"},
}  # fmt: skip
_TONE = {state: tone for tone, states in TONES.items() for state in states}
_TONE |= {
    "payouts.payout:approved": "waiting",
    "vouchers.reclaim:received": "good",
    "payouts.batch:approved": "waiting",
}


def tone_of(state: str, machine: str = "") -> str:
    """The tone of a state of a machine (`vouchers.claim`); neutral for a state nobody named."""
    return _TONE.get(f"{machine}:{state}") or _TONE.get(state, "neutral")
