"""The contract server itself: it refuses what the description does not have, and keeps keys as Stripe's v1 does."""

import uuid

import pytest
import requests

from tests.stripe_contract import description
from tests.stripe_contract.server import KEY, ContractServer


@pytest.fixture
def careless():
    """A server whose violations are the subject, not a failure."""
    with ContractServer() as server:
        server.account("acct_1")
        yield server


def ask(server, method, path, body=None, **headers):
    sent = {
        "Authorization": f"Bearer {KEY}",
        "Stripe-Version": description.version(),
        "Content-Type": "application/x-www-form-urlencoded",
        "Idempotency-Key": str(uuid.uuid4()),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    answer = requests.request(method, server.url + path, data=body, headers=sent, timeout=5)
    return answer.status_code, answer.json(), answer.headers


GOOD = {"amount": 1000, "currency": "eur", "destination": "acct_1", "transfer_group": "g1"}


def test_a_transfer_as_described_is_made_and_shown_as_described(careless):
    status, made, _headers = ask(careless, "POST", "/v1/transfers", GOOD | {"metadata[payout]": "p1"})
    assert status == 200
    assert description.check_object("transfer", made) == []
    status, listed, _headers = ask(careless, "GET", "/v1/transfers?transfer_group=g1")
    assert [row["id"] for row in listed["data"]] == [made["id"]]
    assert careless.violations == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"payee": "x"}, "payee"),
        ({"amount": "12.50"}, "integer"),
        ({"currency": None}, "currency"),
        ({"metadata": "text"}, "object"),
    ],
)
def test_a_body_that_the_description_does_not_have_is_refused(careless, change, told):
    body = {name: value for name, value in (GOOD | change).items() if value is not None}
    status, answer, _headers = ask(careless, "POST", "/v1/transfers", body)
    assert status == 400
    assert told in answer["error"]["message"]
    assert careless.transfers() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Stripe_Version": "2020-08-27"},
        {"Authorization": "Bearer rk_test_x"},
        {"Idempotency_Key": "k" * 256},
        {"Content_Type": "application/json"},
    ],
)
def test_a_request_with_the_wrong_headers_is_refused(careless, headers):
    status, _answer, _headers = ask(careless, "POST", "/v1/transfers", GOOD, **headers)
    assert status == 400
    assert careless.transfers() == []


def test_a_path_or_a_question_that_is_not_published_is_refused(careless):
    assert ask(careless, "GET", "/v1/nothing")[0] == 400
    assert ask(careless, "GET", "/v1/transfers?group=g1")[0] == 400
    assert len(careless.violations) == 2


def test_the_same_key_gives_the_first_answer_again(careless):
    first = ask(careless, "POST", "/v1/transfers", GOOD, Idempotency_Key="k1")
    again = ask(careless, "POST", "/v1/transfers", GOOD, Idempotency_Key="k1")
    assert again[:2] == first[:2]
    assert again[2]["Idempotent-Replayed"] == "true"
    assert len(careless.transfers()) == 1


def test_the_same_key_with_another_body_is_an_idempotency_error(careless):
    ask(careless, "POST", "/v1/transfers", GOOD, Idempotency_Key="k1")
    status, answer, _headers = ask(careless, "POST", "/v1/transfers", GOOD | {"amount": 999}, Idempotency_Key="k1")
    assert (status, answer["error"]["type"]) == (400, "idempotency_error")


def test_a_500_is_kept_under_the_key_and_may_hide_a_transfer(careless):
    careless.fail_next("error_after")
    assert ask(careless, "POST", "/v1/transfers", GOOD, Idempotency_Key="k1")[0] == 500
    assert ask(careless, "POST", "/v1/transfers", GOOD, Idempotency_Key="k1")[0] == 500
    assert len(careless.transfers()) == 1


def test_a_forgotten_key_is_a_new_request(careless):
    ask(careless, "POST", "/v1/transfers", GOOD, Idempotency_Key="k1")
    careless.prune_keys()
    ask(careless, "POST", "/v1/transfers", GOOD, Idempotency_Key="k1")
    assert len(careless.transfers()) == 2


def test_pages_hold_all_transfers_newest_first(careless):
    for _each in range(7):
        ask(careless, "POST", "/v1/transfers", GOOD)
    careless.page_size = 3
    seen, after = [], ""
    while True:
        _status, page, _headers = ask(careless, "GET", f"/v1/transfers?limit=100{after}")
        seen += [row["id"] for row in page["data"]]
        if not page["has_more"]:
            break
        after = f"&starting_after={seen[-1]}"
    assert seen == [row["id"] for row in careless.transfers()]
    assert len(seen) == 7
