"""SEPA batches: how long a file of so many payments takes, and that it is the same, valid and complete (DESIGN 4.13)."""

import datetime as dt
import random
import time
import uuid
from decimal import Decimal
from hashlib import sha256

from lxml import etree
from schwifty import IBAN

from bench.frame import Asked, Report
from payouts.gateways.protocol import Instruction
from payouts.gateways.sepa import CannotSeal, Payer, seal

PAYER = Payer(name="Demo Regiefonds", iban="NL91ABNA0417164300", bic="ABNANL2A")
AT = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def payments(number: int) -> list[Instruction]:
    """Made-up payments, the same ones every time."""
    chance = random.Random(2026)
    return [
        Instruction(
            payout=uuid.UUID(int=chance.getrandbits(128), version=4),
            amount=Decimal(chance.randrange(50_000, 1_800_000)) / 100,
            destination=str(IBAN.generate("NL", bank_code="ABNA", account_code=f"{each:010d}")),
            holder=f"Voorbeeldbedrijf Café {each} B.V.",
            remittance=f"Voucher DT-2026-{each:06d}-1",
            idempotency_key=f"payout-{each}",
        )
        for each in range(number)
    ]


def file_of(instructions: list[Instruction]) -> bytes:
    return seal(
        payer=PAYER,
        msg_id="TREDE-BENCH-1",
        pmt_inf_id="TREDE-BENCH-1-1",
        created_at=AT,
        execution_date=dt.date(2026, 11, 25),
        instructions=instructions,
    )


def refusal(instructions: list[Instruction]) -> str:
    """The rule that refuses this file; empty when it is made."""
    try:
        file_of(instructions)
    except CannotSeal as refused:
        return refused.code
    return ""


def run(asked: Asked) -> Report:
    """Files of growing size; the largest is read back by another reader than wrote it."""
    report, sizes = Report(), asked.pick(quick=(10, 100, 1_000), full=(10, 100, 1_000, 10_000))
    all_of_them = payments(max(sizes))
    rates, content = {}, b""
    for size in sizes:
        began = time.perf_counter()
        content = file_of(all_of_them[:size])
        took = time.perf_counter() - began
        rates[size] = size / took
        report.measured[f"{size} payments"] = {
            "seconds": round(took, 3),
            "per_second": round(rates[size]),
            "bytes": len(content),
        }
        asked.tell(f"{size} payments in {took:.2f} s")
    largest = all_of_them[: sizes[-1]]
    root = etree.fromstring(content)
    read = [Decimal(each.text) for each in root.iter(f"{NAMESPACE}InstdAmt")]
    header = root.find(f".//{NAMESPACE}GrpHdr")
    total = sum((each.amount for each in largest), Decimal())
    report.promise("every payment is in the file, to the cent", wanted=str(total), found=str(sum(read, Decimal())))
    report.promise("its own control sum says so", wanted=str(total), found=header.findtext(f"{NAMESPACE}CtrlSum"))
    again = sha256(file_of(largest)).hexdigest()
    report.promise("the same batch gives the same bytes", wanted=sha256(content).hexdigest(), found=again)
    slower = rates[sizes[1]] / rates[sizes[-1]]
    report.promise(
        "a payment in a large file takes at most twice the time of one in a small file",
        wanted="<= 2",
        found=round(slower, 2),
        kept=slower <= 2,
        timing=True,
    )
    few = largest[:10]
    broken = {
        "same_payment_twice": [*few, few[0]],
        "bad_iban": [*few, _changed(few[0], destination="NL00ABNA0000000000")],
        "bad_amount": [*few, _changed(few[0], amount=Decimal("0.001"))],
        "outside_sepa": [*few, _changed(few[0], destination="TR330006100519786457841326")],
    }
    refused = {wanted: refusal(instructions) for wanted, instructions in broken.items()}
    one_cent = [_changed(few[0], amount=few[0].amount + Decimal("0.01"), payout=few[0].payout), *few[1:]]
    report.controlled(
        "files that must not be made are refused by the right rule, and one cent more is another file",
        shown=all(wanted == found for wanted, found in refused.items())
        and sha256(file_of(one_cent)).digest() != sha256(file_of(few)).digest(),
        refused=refused,
    )
    report.measured["database"] = "none"
    return report


def _changed(instruction: Instruction, **changes: object) -> Instruction:
    from dataclasses import replace

    return replace(instruction, **{"payout": uuid.UUID(int=1, version=4), **changes})
