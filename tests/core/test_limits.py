"""Who counts as one visitor, and when the count starts anew."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from core import clock
from core.limits import Limit, client_address, count

AT = dt.datetime(2026, 11, 24, 10, 20, tzinfo=dt.UTC)
HOURLY = Limit("test", 3, 3600)


def asks(peer="192.0.2.7", forwarded=None):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return RequestFactory().post("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "192.0.2.7", None, "192.0.2.7"),
        (0, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", None, "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", ""),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.7", None, "192.0.2.7"),
        (0, "", None, ""),
    ],
)
def test_a_visitor_is_known_by_what_our_own_proxies_say(settings, proxies, peer, forwarded, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert client_address(asks(peer, forwarded)) == address


@pytest.mark.django_db
def test_the_count_is_per_address_and_per_period():
    with clock.fixed(AT):
        assert [count(asks(), HOURLY) for _time in range(5)] == [0, 0, 0, 2400, 2400]
        assert count(asks("192.0.2.8"), HOURLY) == 0
        assert count(asks(), Limit("other", 3, 3600)) == 0
    with clock.fixed(AT.replace(minute=59, second=59)):
        assert count(asks(), HOURLY) == 1
    with clock.fixed(AT.replace(hour=11, minute=0)):
        assert count(asks(), HOURLY) == 0


@pytest.mark.django_db
def test_one_network_of_ipv6_is_one_address():
    with clock.fixed(AT):
        got = [count(asks(f"2001:db8:1:2::{number}"), HOURLY) for number in range(4)]
    assert got == [0, 0, 0, 2400]


@pytest.mark.django_db
@pytest.mark.parametrize("times", [0, -1])
def test_zero_is_no_limit_and_keeps_nothing(times, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert [count(asks(), Limit("test", times, 3600)) for _time in range(5)] == [0] * 5


@pytest.mark.django_db
def test_the_cache_keeps_no_address():
    from django.db import connection

    cache.clear()
    count(asks("192.0.2.77"), HOURLY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        [(key, value)] = cursor.fetchall()
    assert "192.0.2.77" not in key + value
