"""The door through which Stripe knocks. It checks, keeps and answers; it decides nothing."""

import json
import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from payouts.gateways.stripe import SignatureRefused, verify_signature
from payouts.services.inbox import receive_message

MAX_BODY = 256 * 1024  # bytes; Stripe's largest events are far below it

log = logging.getLogger("payouts.webhooks")


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200 when kept (also when it was kept before), 400 for what Stripe did not sign now, 413 for what is too long."""
    try:
        too_long = int(request.headers.get("Content-Length") or 0) > MAX_BODY
        body = b"" if too_long else request.body
    except (RequestDataTooBig, ValueError):
        too_long, body = True, b""
    if too_long or len(body) > MAX_BODY:
        return HttpResponse("too long", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, content_type="text/plain")
    try:
        verify_signature(
            payload=body,
            header=request.headers.get("Stripe-Signature"),
            secrets=settings.STRIPE_WEBHOOK_SECRETS,
            now=int(clock.now().timestamp()),
        )
        message = _read(body)
    except SignatureRefused as refused:
        log.warning("webhook refused: %s", refused.code)
        return HttpResponse("refused", status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    except _NoEvent:
        return HttpResponse("no event", status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    try:
        receive_message(**message)
    except OperationalError:
        log.exception("webhook not kept: the database is busy")
        return HttpResponse(
            "busy", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain", headers={"Retry-After": "5"}
        )
    return HttpResponse("kept", content_type="text/plain")


class _NoEvent(Exception):
    """Signed, but not an event of Stripe's v1 API."""


def _read(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode()
        event = json.loads(text)
        subject = event["data"]["object"]
        read = {
            "event_id": event["id"],
            "kind": event["type"],
            "object_id": subject.get("id") or "",
            "livemode": event["livemode"],
            "account": event.get("account") or "",
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _NoEvent from error
    texts = [read[name] for name in ("event_id", "kind", "object_id", "account")]
    sound = all(isinstance(each, str) and each.isascii() and each.isprintable() for each in texts) and isinstance(
        read["livemode"], bool
    )
    if not sound or "\x00" in text:
        raise _NoEvent
    if not 0 < len(read["event_id"]) <= 255 or not 0 < len(read["kind"]) <= 80 or len(read["object_id"]) > 255:
        raise _NoEvent
    return {**read, "body": text}
