"""What people and machines do in this room: one verb per function, through the one door (docs/adr/0002)."""

from providers.services.dossiers import (
    answer_item,
    react,
    remove_file,
    start_dossier,
    submit_dossier,
    withdraw_dossier,
)
from providers.services.measures import (
    announce_measure,
    drop_measure,
    reinstate_provider,
    remove_provider,
    suspend_provider,
)
from providers.services.registration import leave, reapply, register_provider, update_profile
from providers.services.review import (
    advise,
    announce_rejection,
    approve,
    ask_more,
    dismiss,
    give_verdict,
    reject,
    reopen,
    return_to_assessor,
    take_up,
)

__all__ = [
    "advise",
    "announce_measure",
    "announce_rejection",
    "answer_item",
    "approve",
    "ask_more",
    "dismiss",
    "drop_measure",
    "give_verdict",
    "leave",
    "react",
    "reapply",
    "register_provider",
    "reinstate_provider",
    "reject",
    "remove_file",
    "remove_provider",
    "reopen",
    "return_to_assessor",
    "start_dossier",
    "submit_dossier",
    "suspend_provider",
    "take_up",
    "update_profile",
    "withdraw_dossier",
]
