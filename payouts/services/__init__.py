"""What people and machines can do with payments. One verb per function; every one goes through the one door."""

from payouts.claims import payable_claims
from payouts.services.batch import (
    Dropped,
    Prepared,
    Released,
    batch_file,
    cancel_batch,
    cancel_payout,
    close_batches,
    prepare_batch,
    release_batch,
)
from payouts.services.dispatch import dispatch_due, dispatch_one
from payouts.services.inbox import clear_message, process_due, receive_message
from payouts.services.resolution import (
    confirm_resolution,
    propose_resolution,
    report_return,
    withdraw_resolution,
)
from payouts.services.settlement import confirm_paid, report_trouble

__all__ = [
    "Dropped",
    "Prepared",
    "Released",
    "batch_file",
    "cancel_batch",
    "cancel_payout",
    "clear_message",
    "close_batches",
    "confirm_paid",
    "confirm_resolution",
    "dispatch_due",
    "dispatch_one",
    "payable_claims",
    "prepare_batch",
    "process_due",
    "propose_resolution",
    "receive_message",
    "release_batch",
    "report_return",
    "report_trouble",
    "withdraw_resolution",
]
