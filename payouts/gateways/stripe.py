"""The Stripe Connect rail: one transfer per payout, looked up before it is sent again (RELIABILITY c2).

Traps this avoids, all read in the SDK (stripe 16.1): without a key it invents one per call, so a restarted process pays
twice; it retries on its own; its webhook check lets a timestamp in the future pass and can be switched off with 0.
"""

import hashlib
import hmac
from collections.abc import Sequence

import stripe
from stripe import RequestsClient, StripeClient

from payouts.gateways.protocol import Answer, Instruction, Outcome, Transfer, Unavailable

# Pinned: the same request must stay the same request when the SDK is upgraded, or its stored key refuses it.
API_VERSION = "2026-05-27.dahlia"

CONNECT_TIMEOUT = 5  # seconds
READ_TIMEOUT = 20  # seconds
TOLERANCE = 300  # seconds, in the past and in the future
MAX_SIGNATURE_HEADER = 4096  # characters


class StripeGateway:
    """Transfers to connected accounts, over Stripe's v1 API."""

    def __init__(
        self, *, api_key: str, base: str | None = None, timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT)
    ):
        if not api_key:
            raise ValueError("a Stripe key is needed")
        self._client = StripeClient(
            api_key,
            stripe_version=API_VERSION,
            max_network_retries=0,
            base_addresses={"api": base} if base else None,
            http_client=RequestsClient(timeout=timeout),
        )

    @staticmethod
    def request(instruction: Instruction) -> dict[str, object]:
        """The body of the transfer. A pure function of the instruction: the same payout always asks the same thing."""
        return {
            "amount": instruction.cents,
            "currency": instruction.currency.lower(),
            "destination": instruction.destination,
            "transfer_group": instruction.reference,
            "metadata": {"payout": str(instruction.payout), "remittance": instruction.remittance},
        }

    def look_up(self, instruction: Instruction) -> Answer:
        """Every transfer of the payout's group, all pages of the list (the search index lags, so it is not used)."""
        try:
            page = self._client.v1.transfers.list(params={"transfer_group": instruction.reference, "limit": 100})
            found = [_transfer(each) for each in page.auto_paging_iter()]
        except stripe.StripeError as error:
            return Answer(outcome=Outcome.UNKNOWN, code=_code(error), http_status=error.http_status)
        except _Malformed:
            return Answer(outcome=Outcome.UNKNOWN, code="malformed")
        if not found:
            return Answer(outcome=Outcome.ABSENT, code="none_found")
        if len(found) > 1:
            return Answer(outcome=Outcome.CONFLICT, code="several_transfers", provider_id=found[0].id)
        return _judge(found[0], instruction)

    def send(self, instruction: Instruction) -> Answer:
        """POST the transfer once, under the key stored with the payout. Raises ValueError without a key."""
        if not instruction.idempotency_key:
            raise ValueError("never without a stored idempotency key")
        body = self.request(instruction)
        try:
            made = self._client.v1.transfers.create(
                params=body, options={"idempotency_key": instruction.idempotency_key}
            )
            transfer = _transfer(made)
        except stripe.StripeError as error:
            return classify(error)
        except _Malformed:
            return Answer(outcome=Outcome.UNKNOWN, code="malformed")
        return _judge(transfer, instruction)

    def fetch(self, provider_id: str) -> Transfer | None:
        """The transfer as Stripe has it now, or None when it has none of that id. Raises Unavailable."""
        try:
            return _transfer(self._client.v1.transfers.retrieve(provider_id))
        except stripe.InvalidRequestError as error:
            if error.http_status == 404:
                return None
            raise Unavailable(_code(error), error.http_status) from error
        except stripe.StripeError as error:
            raise Unavailable(_code(error), error.http_status) from error
        except _Malformed as error:
            raise Unavailable("malformed") from error


def classify(error: stripe.StripeError) -> Answer:
    """What an error after a POST proves. Only a definite 400 or 402 proves that nothing moved.

    v1 stores the first answer under the key, 500s included, so a 5xx may hide a transfer; 409 says that the same key is
    still being worked on; 401, 403 and 404 are our own set-up, not the payee's fault, and wait for repair.
    """
    status = error.http_status
    code = _code(error)
    if isinstance(error, stripe.IdempotencyError) and status == 400:
        outcome = Outcome.CONFLICT  # another body under our key: never a new key, people must look
    elif isinstance(error, stripe.RateLimitError) or _should_retry(error):
        outcome = Outcome.UNKNOWN
    elif status in (400, 402):
        outcome = Outcome.REJECTED
    else:
        outcome = Outcome.UNKNOWN
    return Answer(outcome=outcome, code=code, http_status=status)


class SignatureRefused(Exception):
    """This message was not signed by Stripe, or not now. `code` says which; the caller answers 400 and keeps nothing."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def verify_signature(*, payload: bytes, header: str | None, secrets: Sequence[str], now: int) -> None:
    """Check the `Stripe-Signature` header over the raw bytes; several secrets so that a rotation drops nothing.

    `now` is the time in seconds. Raises SignatureRefused for a missing or broken header, a signature that no current
    secret made, and a moment more than 300 seconds away on either side.
    """
    usable = [secret for secret in secrets if secret.strip()]
    if not usable:
        raise SignatureRefused("no_secret")
    timestamp, signatures = _read_header(header)
    signed = str(timestamp).encode() + b"." + payload
    genuine = False
    for secret in usable:
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()
        for signature in signatures:
            genuine |= hmac.compare_digest(expected, signature)
    if not genuine:
        raise SignatureRefused("forged")
    if timestamp < now - TOLERANCE:
        raise SignatureRefused("stale")
    if timestamp > now + TOLERANCE:
        raise SignatureRefused("from_the_future")


def _read_header(header: str | None) -> tuple[int, list[bytes]]:
    if not header or len(header) > MAX_SIGNATURE_HEADER:
        raise SignatureRefused("no_signature")
    moments: list[str] = []
    signatures: list[bytes] = []
    for item in header.split(","):
        name, _, value = item.strip().partition("=")
        if name == "t":
            moments.append(value)
        elif name == "v1":
            signatures.append(value.encode(errors="replace"))
    if len(moments) != 1 or not signatures:
        raise SignatureRefused("no_signature")
    moment = moments[0]
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        raise SignatureRefused("no_signature")
    return int(moment), signatures


class _Malformed(Exception):
    """A 200 that does not hold a transfer."""


def _transfer(found: object) -> Transfer:
    try:
        raw = found.to_dict()  # type: ignore[attr-defined]
        destination = raw["destination"]
        metadata = raw["metadata"]
        return Transfer(
            id=str(raw["id"]),
            cents=int(raw["amount"]),
            currency=str(raw["currency"]),
            destination=destination["id"] if isinstance(destination, dict) else str(destination or ""),
            reference=str(raw.get("transfer_group") or ""),
            payout=str(metadata.get("payout", "")),
            reversed_cents=int(raw["amount_reversed"]),
            livemode=bool(raw["livemode"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _Malformed from error


def _judge(transfer: Transfer, instruction: Instruction) -> Answer:
    differences = transfer.differences(instruction)
    if differences:
        return Answer(outcome=Outcome.CONFLICT, provider_id=transfer.id, code="differs_in_" + "_".join(differences))
    if transfer.reversed_cents:
        return Answer(outcome=Outcome.CONFLICT, provider_id=transfer.id, code="reversed")
    return Answer(outcome=Outcome.PAID, provider_id=transfer.id, http_status=200)


def _code(error: stripe.StripeError) -> str:
    if error.code:
        return str(error.code)[:80]
    if isinstance(error, stripe.APIConnectionError):
        return "no_reply"
    if error.http_status:
        return f"http_{error.http_status}"
    return type(error).__name__[:80]


def _should_retry(error: stripe.StripeError) -> bool:
    headers = {str(name).lower(): str(value).lower() for name, value in dict(error.headers or {}).items()}
    return headers.get("stripe-should-retry") == "true"
