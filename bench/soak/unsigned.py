"""The product with a webhook that believes everybody: the control of the webhook measurement. The product has no such switch."""

from marketplace.wsgi import application
from payouts import webhooks

__all__ = ["application"]

webhooks.verify_signature = lambda **_message: None
