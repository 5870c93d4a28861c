"""What this room remembers: payouts and what was asked of the rails, batches and their files, messages from the rails."""

from payouts.models.attempt import PayoutAttempt
from payouts.models.batch import Batch, BatchFile, BatchLine
from payouts.models.inbox import InboxEvent
from payouts.models.payout import Payout
from payouts.models.resolution import Resolution

__all__ = ["Batch", "BatchFile", "BatchLine", "InboxEvent", "Payout", "PayoutAttempt", "Resolution"]
