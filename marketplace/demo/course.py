"""On which day which case of the demo comes to which step."""

STEPS = {
    "apply": 0,
    "take_up": 3,
    "ask": 4,
    "complete": 8,
    "advise": 10,
    "award": 13,
    "order": 20,
    "confirm_order": 21,
    "deliver": 45,
    "confirm_delivery": 46,
    "claim": 50,
    "check_claim": 53,
    "ask_claim": 54,
    "complete_claim": 58,
    "advise_claim": 60,
    "determine": 64,
}
"""On which day after its start a case comes to each step."""

REACHES = {
    "draft": "apply",
    "submitted": "apply",
    "in_review": "take_up",
    "review": "take_up",
    "more_information": "ask",
    "returned_to_assessor": "award",
    "advised": "advise",
    "objection_hearing": "award",
    "refused_intent": "award",
    "objection": "award",
    "objection_rejected": "award",
    "objection_upheld": "award",
    "objection_in_part": "award",
    "revoked": "award",
    "awarded": "award",
    "extended": "order",
    "full": "confirm_order",
    "ordered": "confirm_order",
    "delivered": "confirm_delivery",
    "claim_draft": "claim",
    "claim_submitted": "claim",
    "claim_withdrawn": "claim",
    "claim_in_review": "check_claim",
    "claim_more_information": "ask_claim",
    "claim_advised": "advise_claim",
}
"""The last step of a story that is still under way; every other story ends with the determination of its claim."""

STARTED = {
    "reported": 150,
    "paid": 120,
    "returned": 118,
    "lower": 116,
    "bank_refused": 95,
    "manual": 94,
    "released": 82,
    "prepared": 76,
    "cancelled": 60,
    "lapsed": 120,
    "withdrawn": 30,
    "dismissed": 45,
    "nil": 90,
    "withheld": 80,
    "objection": 60,
    "objection_rejected": 85,
    "objection_upheld": 70,
    "objection_in_part": 66,
    "revoked": 65,
    "reclaimed": 119,
    "reclaim_due": 117,
    "objection_hearing": 40,
    "refused_intent": 45,
    "waiting_list": 70,
    "full": 90,
    "ceiling": 75,
}
"""How many days ago a story began when it is over, or when its money waits; the others count back from their last step."""

FRESH = 4
"""A case under way came to its last step so many days ago."""


def began(story: str) -> int:
    """How many days ago a story began."""
    return STARTED.get(story) or STEPS[REACHES.get(story, "determine")] + FRESH
