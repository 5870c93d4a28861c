"""What every rail must be able to do, in plain values (DESIGN 4.13, RELIABILITY c2).

A rail is asked to send an instruction, and is asked beforehand whether it already knows that instruction. Its answer
is one of six outcomes. *Unknown is not failed*: silence, a dropped reply and a server error say nothing about the money.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What is known after speaking with a rail."""

    PAID = "paid"  # the rail shows one transfer and it is exactly the instruction
    PENDING = "pending"  # handed over; word comes later (a SEPA file at the bank)
    ABSENT = "absent"  # the rail was asked and knows no such transfer
    REJECTED = "rejected"  # a definite no: no money moved for this instruction
    UNKNOWN = "unknown"  # no answer, or one that proves nothing
    CONFLICT = "conflict"  # something that is not our instruction carries its name: people must look


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One payment, frozen when it was prepared.

    `payout` is the payout's uuid; its 32 hexadecimal characters are the EndToEndId and the transfer group.
    `amount` is in euros with two decimals. `destination` is an IBAN (SEPA) or a connected account `acct_...` (Stripe).
    """

    payout: uuid.UUID
    amount: Decimal
    destination: str
    holder: str
    remittance: str
    idempotency_key: str
    currency: str = "EUR"

    @property
    def reference(self) -> str:
        """The name of this payment at the rail: never reused, 32 characters from 0-9a-f."""
        return self.payout.hex

    @property
    def cents(self) -> int:
        """The amount in whole cents. Raises ValueError when it is not a positive number of whole cents."""
        if not self.amount.is_finite():
            raise ValueError("amount is not a number")
        cents = self.amount * 100
        if cents != cents.to_integral_value() or cents <= 0:
            raise ValueError("amount is not a positive number of cents")
        return int(cents)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the rail said: the outcome, its own id of the transfer, its error code and HTTP status where there are any."""

    outcome: Outcome
    provider_id: str = ""
    code: str = ""
    http_status: int | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A transfer as fetched from the rail. Amounts in cents."""

    id: str
    cents: int
    currency: str
    destination: str
    reference: str
    payout: str
    reversed_cents: int
    livemode: bool

    @property
    def is_reversed(self) -> bool:
        """Everything came back."""
        return self.reversed_cents == self.cents

    def differences(self, instruction: Instruction) -> list[str]:
        """Names of the fields in which this transfer is not the instruction; empty when it is."""
        pairs = {
            "amount": (self.cents, instruction.cents),
            "currency": (self.currency.upper(), instruction.currency),
            "destination": (self.destination, instruction.destination),
            "reference": (self.reference, instruction.reference),
            "payout": (self.payout, str(instruction.payout)),
        }
        return [name for name, (theirs, ours) in pairs.items() if theirs != ours]


class Unavailable(Exception):
    """The rail could not be asked; nothing follows from it. `code` says how."""

    def __init__(self, code: str, http_status: int | None = None):
        self.code = code
        self.http_status = http_status
        super().__init__(code)


class Gateway(Protocol):
    """One rail. Neither verb raises for what the rail says or fails to say: that is an outcome."""

    def look_up(self, instruction: Instruction) -> Answer:
        """Ask whether the rail already has this instruction. PAID, PENDING, ABSENT, CONFLICT or UNKNOWN."""
        ...

    def send(self, instruction: Instruction) -> Answer:
        """Hand the instruction to the rail, under its stored key. PAID, PENDING, REJECTED, CONFLICT or UNKNOWN."""
        ...
