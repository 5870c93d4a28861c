"""Run by test_vetting_races in a process of its own, on a database that really commits: deciders at the same moment.

`unguarded` is the positive control: each decider goes by the dossier as it was before the others decided.
"""

import json
from collections.abc import Callable
from typing import Any

from accounts.enums import Role
from core.models import AuditEntry
from providers import services
from providers.models import Dossier, Provider
from tests.factories.accounts import official
from tests.factories.providers import ProviderFactory, advised_dossier, load_checklist, provider_member
from tests.providers.race_feedback import at_once, without_lock

MOVES = ["approve", "return_to_assessor"]


def decided_at_once(verbs: list[str], before: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Each verb by a decider of its own on one advised dossier; what each saw and what the database says afterwards."""
    provider = ProviderFactory()
    dossier = advised_dossier(provider, by=provider_member(provider), assessor=official(Role.ASSESSOR))

    def act(verb: str, decider: Any) -> Any:
        return lambda: getattr(services, verb)(by=decider, dossier=dossier, text="Gelijk met de anderen.")

    assert dossier.provider.state == "applicant"  # read before anybody decides
    acts = [act(verb, official(Role.DECIDER)) for verb in verbs]
    before()
    seen = at_once(acts)
    dossier = Dossier.objects.get(pk=dossier.pk)
    return {
        "seen": seen,
        "dossier": str(dossier.state),
        "provider": str(Provider.objects.get(pk=provider.pk).state),
        "decisions": dossier.decisions.count(),
        "admissions": AuditEntry.objects.filter(stream=provider.case(), action="admit").count(),
        "moves": AuditEntry.objects.filter(stream=dossier.case(), action__in=MOVES).count(),
    }


def main(unguarded: bool = False) -> None:
    """Prints what happened as one line of JSON."""
    load_checklist()
    if unguarded:
        print(json.dumps(decided_at_once(["approve"] * 5, before=without_lock)))
        return
    print(json.dumps({"same": decided_at_once(["approve"] * 5), "mixed": decided_at_once(MOVES * 2)}))
