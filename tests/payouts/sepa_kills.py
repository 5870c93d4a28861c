"""People's work on bank files, killed at any moment between release, download and marking as paid (RELIABILITY c2, invariant 21).

    python -m tests.run payouts.sepa_kills '{"batches": 2, "payouts": 3, "kills": 6}'

Every download is handed in at a bank, which keeps all it gets. Each batch is worked on by a process that is killed before or
after a random one of its statements, `kills` times at most, and then to the end. Prints one JSON object. `careless` is the
control: a file is made and handed in under a fresh MsgId before the books know of it.
"""

import hashlib
import json
import os
import random
import tempfile
import uuid
from collections import Counter, defaultdict
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.db import connection, connections
from lxml import etree

from accounts.enums import Role
from accounts.models import User
from core import clock
from payouts import services
from payouts.models import Batch, BatchFile, Payout
from payouts.services import batch as batching
from tests.factories.accounts import official
from tests.factories.payouts import payable_claim, prepared
from tests.factories.vouchers import programme_with
from tests.payouts.kills import Mortal
from vouchers.models import LedgerTransaction

LONGEST = (
    500  # moments before and after a statement that a process lives at most; a batch of three takes about this many
)


def hand_in(bank: Path, content: bytes) -> None:
    """At the bank, all of it or nothing."""
    (bank / "post").write_bytes(content)
    (bank / "post").rename(bank / f"{uuid.uuid4().hex}.xml")


def to_the_end(batch: Batch, people: dict[str, User], bank: Path, *, careless: bool) -> None:
    """What is still to be done with this batch: release, download and hand in, mark as paid."""
    if batch.state == "prepared":
        if careless:
            batch.number, batch.released_at = uuid.uuid4(), clock.now()
            hand_in(bank, batching.file_of(batch, list(batch.payouts())))
            batch = Batch.objects.get(pk=batch.pk)
        services.release_batch(by=people["approver"], batch=batch, seen_sha256=batch.fingerprint())
    if batch.state != "closed":
        made = services.batch_file(by=people["treasurer"], batch=batch)
        if not careless:
            hand_in(bank, bytes(made.content))
        with clock.fixed(clock.start_of(batch.pay_on)):  # on a weekend the bank pays on Monday
            services.confirm_paid(by=people["treasurer"], batch=batch, booked_on=clock.today())


def killed(moments: int | None, *work: Any, **more: Any) -> bool:
    """Does the work in a process of its own that lives for so many moments, if they are given; whether it was killed."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            with nullcontext() if moments is None else connection.execute_wrapper(Mortal(moments)):
                to_the_end(*work, **more)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(*, batches: int, payouts: int, kills: int, careless: bool = False) -> None:
    print(json.dumps(worked(batches=batches, payouts=payouts, kills=kills, careless=careless)))


def worked(*, batches: int, payouts: int, kills: int, careless: bool) -> dict[str, Any]:
    chance, programme, seen, died = random.Random(2026), programme_with(), {}, 0
    people = {"treasurer": official(Role.TREASURER), "approver": official(Role.APPROVER)}
    with tempfile.TemporaryDirectory() as folder:
        bank = Path(folder)
        for _batch in range(batches):
            batch = prepared(programme, *[payable_claim(programme) for _n in range(payouts)])
            for last in [False] * kills + [True]:
                now = Batch.objects.get(pk=batch.pk)
                if now.state == "closed":
                    break
                died += killed(None if last else chance.randint(1, LONGEST), now, people, bank, careless=careless)
                for made in BatchFile.objects.filter(batch=batch):
                    seen.setdefault(batch.pk, set()).add(hashlib.sha256(bytes(made.content)).hexdigest())
        handed_in = [each.read_bytes() for each in bank.glob("*.xml")]
    messages, files = defaultdict(set), defaultdict(set)
    for content in handed_in:
        tree = etree.fromstring(content)
        name = tree.xpath("string(//*[local-name()='MsgId'])")
        files[name].add(content)
        for payment in tree.xpath("//*[local-name()='EndToEndId']/text()"):
            messages[payment].add(name)
    rows = BatchFile.objects.select_related("batch")
    return {
        "kills": died,
        "handed_in": len(handed_in),
        "messages": len(files),
        "under_two_names": sum(len(names) - 1 for names in messages.values()),
        "other_bytes": sum(len(contents) - 1 for contents in (*files.values(), *seen.values())),
        "not_made_the_same_again": sum(
            batching.file_of(row.batch, list(row.batch.payouts())) != bytes(row.content) for row in rows
        ),
        "states": Counter(Payout.objects.values_list("state", flat=True)),
        "batches": Counter(Batch.objects.values_list("state", flat=True)),
        "posted": LedgerTransaction.objects.filter(kind="pay").count(),
    }
