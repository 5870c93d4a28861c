"""The contract server: accounts, transfers, idempotency keys and webhooks as Stripe's v1 API documents them.

It keeps what Stripe keeps (the first answer under a key, 500s included; another body under the same key is refused), can
forget keys as Stripe may after 24 hours, and can fail where networks fail: before the effect, after it, or with a 500 on
top of it. Every request is held against Stripe's published description; departures are counted in `violations`.

In a test: `with ContractServer() as stripe: ... StripeGateway(api_key=KEY, base=stripe.url)`.
As a process of its own: `python -m tests.stripe_contract.server 8220`; `POST /_control/` then takes JSON commands.
"""

import hashlib
import hmac
import json
import random
import socket
import sys
import threading
import time
import urllib.request
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self
from urllib.parse import urlsplit

from tests.stripe_contract import description

KEY = "sk_test_contract"
SECRET = "whsec_contract"

FAULTS = frozenset(
    {"drop_before", "drop_after", "error_before", "error_after", "rate_limited", "key_in_use", "slow", "slow_after"}
)
_BEFORE = frozenset({"drop_before", "rate_limited", "key_in_use"})


@dataclass
class Kept:
    """What Stripe keeps under an idempotency key."""

    request: str
    at: float
    status: int | None = None
    body: dict[str, Any] | None = None


@dataclass
class Ledger:
    """Everything the server knows. Amounts in cents."""

    balance: int = 10**12
    accounts: set[str] = field(default_factory=set)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, Kept] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))


class ContractServer:
    """Starts on a free loopback port (or `port`) and stops at the end of the block."""

    def __init__(self, port: int = 0, *, page_size: int = 100):
        self.ledger = Ledger()
        self.lock = threading.RLock()
        self.faults: deque[str] = deque()
        self.chaos: dict[str, float] = {}
        self.random = random.Random(2026)
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.violations: list[str] = []
        self.page_size = page_size
        self.key_lifetime: float | None = None  # seconds; None keeps keys for ever
        self.events = count(1)
        server = self

        class Handler(_Handler):
            contract = server

        description.description()  # read before the first request, which has a time-out
        self.http = _Server(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    # What a test sets and asks

    def account(self, account: str) -> str:
        """A connected account that can be paid."""
        self.ledger.accounts.add(account)
        return account

    def fail_next(self, *faults: str) -> None:
        """The next POSTs fail in these ways, one each."""
        assert FAULTS.issuperset(faults), faults
        self.faults.extend(faults)

    def prune_keys(self) -> None:
        """Forget every key, as Stripe may after 24 hours."""
        with self.lock:
            self.ledger.keys.clear()

    def paid_to(self, account: str) -> int:
        """Cents that reached this account and stayed there."""
        with self.lock:
            rows = [row for row in self.ledger.transfers.values() if row["destination"] == account]
            return sum(row["amount"] - row["amount_reversed"] for row in rows)

    def transfers(self, group: str | None = None) -> list[dict[str, Any]]:
        """Transfers, newest first."""
        with self.lock:
            rows = reversed(self.ledger.transfers.values())
            return [dict(row) for row in rows if group in (None, row["transfer_group"])]

    def reverse(self, transfer: str, cents: int | None = None) -> dict[str, Any]:
        """Take a transfer back, wholly or in part, as somebody would on Stripe's dashboard."""
        with self.lock:
            row = self.ledger.transfers[transfer]
            row["amount_reversed"] = row["amount"] if cents is None else cents
            row["reversed"] = row["amount_reversed"] == row["amount"]
            return dict(row)

    def event(self, kind: str, subject: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """An event about an object, as Stripe would post it."""
        event = {
            "id": f"evt_{next(self.events):06d}",
            "object": "event",
            "api_version": description.version(),
            "created": int(time.time()),
            "data": {"object": subject},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        assert not description.check_object("event", event)
        return event | changes

    @staticmethod
    def sign(body: bytes, *, secret: str = SECRET, at: float | None = None) -> str:
        """The `Stripe-Signature` header over these bytes."""
        moment = int(time.time() if at is None else at)
        made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return f"t={moment},v1={made}"

    def deliver(self, url: str, event: dict[str, Any], *, secret: str = SECRET, at: float | None = None) -> int:
        """POST a signed event over HTTP; the status that came back."""
        body = json.dumps(event).encode()
        request = urllib.request.Request(  # noqa: S310 - loopback only
            url,
            data=body,
            headers={"Content-Type": "application/json", "Stripe-Signature": self.sign(body, secret=secret, at=at)},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - loopback only
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    # What Stripe does

    def _fault(self) -> str | None:
        if self.faults:
            return self.faults.popleft()
        draw = self.random.random()
        for fault, share in self.chaos.items():
            if draw < share:
                return fault
            draw -= share
        return None

    def create(
        self, key: str, request: str, fields: dict[str, Any], fault: str | None
    ) -> tuple[int, dict[str, Any], bool]:
        """POST /v1/transfers: status, body, and whether it was replayed from the key."""
        with self.lock:
            self._forget_old_keys()
            kept = self.ledger.keys.get(key)
            if kept and kept.request != request:
                return (
                    400,
                    _error(
                        "idempotency_error", "Keys for idempotent requests can only be used with the same parameters"
                    ),
                    False,
                )
            if kept and kept.status is None:
                return (
                    409,
                    _error("idempotency_error", "There is another in-progress request", code="idempotency_key_in_use"),
                    False,
                )
            if kept:
                return kept.status, kept.body, True
            kept = self.ledger.keys[key] = Kept(request=request, at=time.monotonic())
        if fault == "slow":
            time.sleep(0.5)
        with self.lock:
            if fault == "error_before":
                status, body = 500, _error("api_error", "Something went wrong")
            else:
                status, body = self._transfer(fields)
                if fault == "error_after":
                    status, body = 500, _error("api_error", "Something went wrong")
            kept.status, kept.body = status, body
        return status, body, False

    def _transfer(self, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        amount = int(fields["amount"])
        if fields["destination"] not in self.ledger.accounts:
            return 400, _error(
                "invalid_request_error",
                f"No such destination: '{fields['destination']}'",
                code="resource_missing",
                param="destination",
            )
        if amount > self.ledger.balance:
            return 400, _error(
                "invalid_request_error", "You have insufficient available funds", code="balance_insufficient"
            )
        self.ledger.balance -= amount
        number = f"tr_{next(self.ledger.numbers):08d}"
        row = {
            "id": number,
            "object": "transfer",
            "amount": amount,
            "amount_reversed": 0,
            "balance_transaction": f"txn_{number[3:]}",
            "created": int(time.time()),
            "currency": fields["currency"],
            "destination": fields["destination"],
            "livemode": False,
            "metadata": fields.get("metadata", {}),
            "reversals": {"object": "list", "data": [], "has_more": False, "url": f"/v1/transfers/{number}/reversals"},
            "reversed": False,
            "source_transaction": None,
            "source_type": "card",
            "transfer_group": fields.get("transfer_group"),
        }
        self.ledger.transfers[number] = row
        return 200, dict(row)

    def list(self, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """GET /v1/transfers: newest first, by page."""
        rows = self.transfers(asked.get("transfer_group"))
        after = asked.get("starting_after")
        if after:
            places = [place for place, row in enumerate(rows) if row["id"] == after]
            rows = rows[places[0] + 1 :] if places else []
        limit = min(int(asked.get("limit", 10)), self.page_size)
        return 200, {"object": "list", "data": rows[:limit], "has_more": len(rows) > limit, "url": "/v1/transfers"}

    def _forget_old_keys(self) -> None:
        if self.key_lifetime is not None:
            oldest = time.monotonic() - self.key_lifetime
            for key in [key for key, kept in self.ledger.keys.items() if kept.at < oldest and kept.status is not None]:
                del self.ledger.keys[key]

    def control(self, command: dict[str, Any]) -> dict[str, Any]:
        """What another process may ask of this one: accounts, chaos, key_lifetime, totals."""
        with self.lock:
            self.ledger.accounts.update(command.get("accounts", []))
            self.chaos = command.get("chaos", self.chaos)
            self.key_lifetime = command.get("key_lifetime", self.key_lifetime)
            if "balance" in command:
                self.ledger.balance = command["balance"]
            groups: dict[str, int] = {}
            for row in self.ledger.transfers.values():
                groups[row["transfer_group"]] = groups.get(row["transfer_group"], 0) + 1
            return {"transfers": len(self.ledger.transfers), "groups": groups, "violations": self.violations[:20]}


def _error(kind: str, message: str, **more: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message, **more}}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is part of the play; anything else is told."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    contract: ContractServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def _serve(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if url.path == "/_control/":
            self._answer(200, self.contract.control(json.loads(body or "{}")))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        contract = self.contract
        with contract.lock:
            contract.requests.append((method, self.path, headers))
            fault = contract._fault() if method == "POST" else None
        problems = description.check_request(method, url.path, url.query, body, headers)
        if problems:
            with contract.lock:
                contract.violations += problems
            self._answer(400, _error("invalid_request_error", "; ".join(problems), code="parameter_unknown"))
        elif fault in _BEFORE:
            self._fail_before(fault)
        else:
            status, answer, replayed = self._act(method, url.path, url.query, body, headers, fault)
            self._reply(status, answer, replayed, fault)

    def _act(
        self, method: str, path: str, query: str, body: str, headers: dict[str, str], fault: str | None
    ) -> tuple[int, dict[str, Any], bool]:
        contract = self.contract
        if method == "POST" and path == "/v1/transfers":
            return contract.create(headers["idempotency-key"], body, description.decode(body), fault)
        if method == "GET" and path == "/v1/transfers":
            return *contract.list(description.decode(query)), False
        row = contract.ledger.transfers.get(path.removeprefix("/v1/transfers/")) if method == "GET" else None
        if row:
            return 200, dict(row), False
        return 404, _error("invalid_request_error", "No such transfer", code="resource_missing"), False

    def _reply(self, status: int, answer: dict[str, Any], replayed: bool, fault: str | None) -> None:
        if fault == "slow_after":
            time.sleep(0.5)
        if fault == "drop_after":
            self._drop()
            return
        if status == 200:
            for row in answer["data"] if answer["object"] == "list" else [answer]:
                lies = [f"our own answer: {each}" for each in description.check_object("transfer", row)]
                self.contract.violations += lies
        self._answer(status, answer, replayed=replayed)

    def _fail_before(self, fault: str) -> None:
        if fault == "drop_before":
            self._drop()
        elif fault == "rate_limited":
            self._answer(429, _error("invalid_request_error", "Too many requests", code="rate_limit"))
        else:
            in_use = _error("idempotency_error", "There is another in-progress request", code="idempotency_key_in_use")
            self._answer(409, in_use)

    def _drop(self) -> None:
        """Cut the line without a word."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, status: int, answer: dict[str, Any], *, replayed: bool = False) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Request-Id", f"req_{len(self.contract.requests):08d}")
        if replayed:
            self.send_header("Idempotent-Replayed", "true")
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    with ContractServer(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as running:
        print(running.url, flush=True)
        threading.Event().wait()
