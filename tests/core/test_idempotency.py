"""The same request twice has one effect."""

import pytest

from core.idempotency import IdempotencyReason, once
from core.models import IdempotencyKey
from core.reasons import Refused
from tests.door.models import Door

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def make():
    return {"door": Door.objects.create().pk}


def test_a_second_call_gets_the_first_answer_and_makes_nothing():
    first = once(owner="user:1", key="k", request={"a": 1}, act=make)
    assert once(owner="user:1", key="k", request={"a": 1}, act=make) == first
    assert Door.objects.count() == 1


def test_the_same_key_with_another_request_is_refused():
    once(owner="user:1", key="k", request={"a": 1}, act=make)
    with pytest.raises(Refused) as refused:
        once(owner="user:1", key="k", request={"a": 2}, act=make)
    assert refused.value.reasons[0].code == IdempotencyReason.REUSED
    assert Door.objects.count() == 1


def test_another_persons_key_is_another_key():
    once(owner="user:1", key="k", request=1, act=make)
    once(owner="user:2", key="k", request=1, act=make)
    assert Door.objects.count() == 2


def test_a_failed_act_leaves_the_key_free():
    with pytest.raises(ZeroDivisionError):
        once(owner="user:1", key="k", request=1, act=lambda: 1 / 0)
    assert not IdempotencyKey.objects.exists()
    assert once(owner="user:1", key="k", request=1, act=make)["door"]


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb"])
def test_a_malformed_key_is_refused(key):
    with pytest.raises(Refused) as refused:
        once(owner="user:1", key=key, request=1, act=make)
    assert refused.value.reasons[0].code == IdempotencyReason.MALFORMED
