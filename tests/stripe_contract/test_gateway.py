"""Our Stripe rail over real HTTP: what it asks, what it concludes, and that it never pays twice by itself."""

import uuid
from decimal import Decimal

import pytest

from payouts.gateways.protocol import Instruction, Outcome, Unavailable
from payouts.gateways.stripe import SignatureRefused, StripeGateway, verify_signature
from tests.stripe_contract import description
from tests.stripe_contract.server import KEY, SECRET, ContractServer

ACCOUNT = "acct_1TestPayee"


@pytest.fixture
def gateway(stripe):
    stripe.account(ACCOUNT)
    return StripeGateway(api_key=KEY, base=stripe.url, timeout=(2, 0.3))


def instruction(**changes):
    number = uuid.uuid4()
    return Instruction(
        **{
            "payout": number,
            "amount": Decimal("1800.05"),
            "destination": ACCOUNT,
            "holder": "Bakkerij Test",
            "remittance": "Voucher DT-2026-000012-1",
            "idempotency_key": f"payout-{number}",
        }
        | changes
    )


def test_a_transfer_carries_amount_account_group_and_the_stored_key(stripe, gateway):
    wanted = instruction()
    answer = gateway.send(wanted)
    assert answer.outcome == Outcome.PAID
    [made] = stripe.transfers()
    assert (made["id"], made["amount"], made["currency"]) == (answer.provider_id, 180005, "eur")
    assert made["transfer_group"] == wanted.payout.hex
    assert made["metadata"]["payout"] == str(wanted.payout)
    [(_method, _path, headers)] = stripe.requests
    assert headers["idempotency-key"] == wanted.idempotency_key
    assert headers["stripe-version"] == description.version()


def test_a_dropped_reply_is_unknown_and_the_look_up_finds_the_money(stripe, gateway):
    wanted = instruction()
    stripe.fail_next("drop_after")
    assert gateway.send(wanted).outcome == Outcome.UNKNOWN
    assert gateway.look_up(wanted).outcome == Outcome.PAID
    assert len(stripe.transfers()) == 1


def test_the_sdk_does_not_retry_on_its_own(stripe, gateway):
    stripe.fail_next("drop_before", "error_before", "rate_limited")
    for _each in range(3):
        gateway.send(instruction())
    assert len(stripe.requests) == 3


@pytest.mark.parametrize(
    "fault", ["drop_before", "drop_after", "error_before", "error_after", "rate_limited", "key_in_use", "slow_after"]
)
def test_silence_and_server_errors_prove_nothing(stripe, gateway, fault):
    stripe.fail_next(fault)
    assert gateway.send(instruction()).outcome == Outcome.UNKNOWN


@pytest.mark.parametrize("fault", ["drop_after", "error_after", "slow_after"])
def test_after_the_effect_the_look_up_tells_the_truth(stripe, gateway, fault):
    wanted = instruction()
    stripe.fail_next(fault)
    gateway.send(wanted)
    assert gateway.look_up(wanted).outcome == Outcome.PAID


@pytest.mark.parametrize("fault", ["drop_before", "error_before", "rate_limited"])
def test_before_the_effect_the_look_up_finds_nothing(stripe, gateway, fault):
    wanted = instruction()
    stripe.fail_next(fault)
    gateway.send(wanted)
    assert gateway.look_up(wanted).outcome == Outcome.ABSENT


def test_too_little_balance_and_an_unknown_account_are_definite(stripe, gateway):
    assert gateway.send(instruction(destination="acct_gone")).code == "resource_missing"
    stripe.ledger.balance = 100
    answer = gateway.send(instruction())
    assert (answer.outcome, answer.code) == (Outcome.REJECTED, "balance_insufficient")
    assert stripe.transfers() == []


def test_another_body_under_our_key_is_for_people(stripe, gateway):
    wanted = instruction()
    gateway.send(wanted)
    other = instruction(payout=wanted.payout, idempotency_key=wanted.idempotency_key, amount=Decimal("1.00"))
    assert gateway.send(other).outcome == Outcome.CONFLICT
    assert len(stripe.transfers()) == 1


def test_key_only_pays_twice_when_stripe_forgot_the_key(stripe, gateway):
    """The control: why there is a look before every resend."""
    wanted = instruction()
    stripe.fail_next("drop_after")
    gateway.send(wanted)
    stripe.prune_keys()
    gateway.send(wanted)
    assert stripe.paid_to(ACCOUNT) == 2 * 180005


def test_two_transfers_under_one_name_are_for_people(stripe, gateway):
    wanted = instruction()
    gateway.send(wanted)
    stripe.prune_keys()
    gateway.send(wanted)
    answer = gateway.look_up(wanted)
    assert (answer.outcome, answer.code) == (Outcome.CONFLICT, "several_transfers")


def test_the_look_up_reads_every_page(stripe, gateway):
    wanted = instruction()
    for _each in range(3):
        gateway.send(wanted)
        stripe.prune_keys()
    stripe.page_size = 1
    assert gateway.look_up(wanted).code == "several_transfers"
    assert sum(method == "GET" for method, _path, _headers in stripe.requests) == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 1}, "differs_in_amount"),
        ({"destination": "acct_other"}, "differs_in_destination"),
        ({"currency": "usd"}, "differs_in_currency"),
        ({"metadata": {}}, "differs_in_payout"),
        ({"amount_reversed": 5}, "reversed"),
    ],
)
def test_a_transfer_that_is_not_our_instruction_is_for_people(stripe, gateway, change, code):
    wanted = instruction()
    gateway.send(wanted)
    next(iter(stripe.ledger.transfers.values())).update(change)
    answer = gateway.look_up(wanted)
    assert (answer.outcome, answer.code) == (Outcome.CONFLICT, code)


def test_a_look_up_that_fails_is_unknown_and_never_absent():
    nobody = StripeGateway(api_key=KEY, base="http://127.0.0.1:9", timeout=(0.2, 0.2))
    assert nobody.look_up(instruction()).outcome == Outcome.UNKNOWN


def test_a_wrong_key_of_ours_rejects_no_payment():
    with ContractServer() as careless:
        wrong = StripeGateway(api_key="rk_test_wrong", base=careless.url)
        assert wrong.look_up(instruction()).outcome == Outcome.UNKNOWN


def test_no_key_no_request(stripe, gateway):
    with pytest.raises(ValueError, match="idempotency key"):
        gateway.send(instruction(idempotency_key=""))
    with pytest.raises(ValueError, match="key is needed"):
        StripeGateway(api_key="")
    assert stripe.requests == []


@pytest.mark.parametrize(
    "amount", [Decimal("0.00"), Decimal("-1.00"), Decimal("1.005"), Decimal("NaN"), Decimal("Infinity")]
)
def test_an_amount_that_is_no_whole_positive_number_of_cents_is_never_sent(stripe, gateway, amount):
    with pytest.raises(ValueError, match="amount"):
        gateway.send(instruction(amount=amount))
    assert stripe.requests == []


def test_fetch_tells_what_stripe_has_now(stripe, gateway):
    made = gateway.send(instruction()).provider_id
    stripe.reverse(made)
    assert gateway.fetch(made).is_reversed
    assert gateway.fetch("tr_none") is None
    with pytest.raises(Unavailable):
        StripeGateway(api_key=KEY, base="http://127.0.0.1:9", timeout=(0.2, 0.2)).fetch(made)


# Signatures

NOW = 1_800_000_000
BODY = b'{"id": "evt_1"}'


def refused(**changes):
    asked = {"payload": BODY, "header": ContractServer.sign(BODY, at=NOW), "secrets": [SECRET], "now": NOW} | changes
    with pytest.raises(SignatureRefused) as caught:
        verify_signature(**asked)
    return caught.value.code


def test_a_message_signed_now_is_accepted():
    verify_signature(payload=BODY, header=ContractServer.sign(BODY, at=NOW), secrets=[SECRET], now=NOW)


def test_during_a_rotation_both_secrets_work():
    header = ContractServer.sign(BODY, secret="whsec_old", at=NOW)
    verify_signature(payload=BODY, header=header, secrets=[SECRET, "whsec_old"], now=NOW)
    both = header + "," + ContractServer.sign(BODY, at=NOW).split(",")[1]
    verify_signature(payload=BODY, header=both, secrets=[SECRET], now=NOW)


@pytest.mark.parametrize("offset", [-300, 300])
def test_up_to_five_minutes_off_is_now(offset):
    verify_signature(payload=BODY, header=ContractServer.sign(BODY, at=NOW + offset), secrets=[SECRET], now=NOW)


@pytest.mark.parametrize(("offset", "code"), [(-301, "stale"), (301, "from_the_future"), (-(10**8), "stale")])
def test_further_off_is_refused_on_both_sides(offset, code):
    assert refused(header=ContractServer.sign(BODY, at=NOW + offset)) == code


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=1",
        "v1=abc",
        "t=1,t=2,v1=a",
        "t=x,v1=a",
        "t=١٢,v1=a",
        f"t={'9' * 5000},v1=a",
        "t=-1,v1=a",
        ",,,=,",
        "t=1.5,v1=a",
    ],
)
def test_a_header_that_says_nothing_is_refused(header):
    assert refused(header=header) == "no_signature"


def test_forgeries_are_refused():
    assert refused(payload=BODY + b" ") == "forged"
    assert refused(header=ContractServer.sign(BODY, secret="whsec_other", at=NOW)) == "forged"
    assert refused(header=f"t={NOW},v0={'a' * 64},v1=é") == "forged"
    assert refused(header=ContractServer.sign(BODY, at=NOW).replace(f"t={NOW}", f"t={NOW + 1}")) == "forged"
    assert refused(secrets=[]) == "no_secret"
    assert refused(secrets=["", " "]) == "no_secret"
    assert refused(payload=b"\xff\xfe\x00") == "forged"
