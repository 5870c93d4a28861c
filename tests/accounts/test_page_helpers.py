"""What every page behind a login keeps, shown on views of their own: who comes in, by which method, and what is stored."""

from http import HTTPStatus

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.enums import Role
from accounts.pages import for_roles, page, paged, posted, status_of, try_to
from core.reasons import CoreReason, Reason, Refused
from tests.factories.accounts import UserFactory, official

pytestmark = pytest.mark.django_db


@page("GET")
def looked_at(request):
    return HttpResponse(request.method)


@page("POST")
def pressed(request):
    return HttpResponse(request.method)


@page("GET", "POST")
@for_roles(Role.ASSESSOR, Role.AUDITOR)
def for_two_roles(request):
    return HttpResponse(request.method)


class Question(forms.Form):
    answer = forms.CharField()


def asked(method="get", user=None, path="/", **data):
    request = getattr(RequestFactory(), method)(path, data)
    request.user = user or AnonymousUser()
    return request


def test_a_visitor_is_sent_to_the_login_whatever_the_method():
    for view in (looked_at, pressed, for_two_roles):
        for method in ("get", "post", "put"):
            answer = view(asked(method, path="/mijn/"))
            assert answer.status_code == HTTPStatus.FOUND
            assert answer["Location"].endswith("/account/login/?next=/mijn/")
            assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("view", "taken"), [(looked_at, {"get", "head"}), (pressed, {"post"}), (for_two_roles, {"get", "head", "post"})]
)
def test_a_page_is_opened_by_its_methods_and_its_head_wherever_it_is_shown(view, taken):
    person = official(Role.ASSESSOR)
    for method in ("get", "head", "post", "put", "patch", "delete"):
        answer = view(asked(method, person))
        assert answer.status_code == (HTTPStatus.OK if method in taken else HTTPStatus.METHOD_NOT_ALLOWED), method


def test_nobody_stores_the_page():
    answer = looked_at(asked(user=UserFactory()))
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


def test_one_of_the_roles_is_enough_and_none_of_them_is_refused():
    assert for_two_roles(asked(user=official(Role.AUDITOR))).status_code == HTTPStatus.OK
    for other in (UserFactory(), official(Role.TREASURER)):
        with pytest.raises(PermissionDenied):
            for_two_roles(asked(user=other))


@pytest.mark.parametrize(
    ("wanted", "number"),
    [({}, 1), ({"page": "2"}, 2), ({"page": "3"}, 3), ({"page": "99"}, 3), ({"page": "0"}, 3), ({"page": "x"}, 1)],
)
def test_a_page_of_a_list_that_is_not_there_gives_the_first_or_the_last(wanted, number):
    shown = paged(asked(**wanted), range(60))
    assert shown.number == number
    assert list(shown) == list(range(60))[(number - 1) * 25 : number * 25]
    assert list(paged(asked(**wanted), [], 10)) == []


def test_a_form_is_bound_to_what_was_posted_also_when_that_is_nothing():
    assert not Question(*posted(asked())).is_bound
    assert not Question(*posted(asked("head"), files=True)).is_bound
    assert Question(*posted(asked("post"))).errors
    assert Question(*posted(asked("post", answer="yes"), files=True)).is_valid()


def test_what_is_refused_comes_back_as_reasons():
    why = [Reason(CoreReason.CHANGED), Reason(CoreReason.LINKED)]

    def refuse():
        raise Refused(why)

    assert try_to(lambda: 7) == (7, [])
    assert try_to(refuse) == (None, why)


def test_the_status_tells_a_state_that_does_not_fit_from_what_is_wrong():
    empty, right = Question({}), Question({"answer": "yes"})
    assert status_of() == status_of(right, None, reasons=[]) == status_of(Question()) == HTTPStatus.OK
    assert status_of(right, empty) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert status_of(right, reasons=[Reason(CoreReason.LINKED)]) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert status_of(empty, reasons=[Reason(CoreReason.LINKED), Reason(CoreReason.CHANGED)]) == HTTPStatus.CONFLICT
