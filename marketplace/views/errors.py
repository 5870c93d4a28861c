"""What is said when a request came to nothing before or inside a view: a page to people, a problem to programs."""

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from api.errors import busy_problem, plain_problem
from api.middleware import PREFIX


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: Django itself would not read it."""
    if request.path_info.startswith(PREFIX):
        return plain_problem(HTTPStatus.BAD_REQUEST, _("The request is not right."))
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, a mistake of ours; or 503 when it was the database that did not answer. Both are in the log."""
    gone = isinstance(sys.exc_info()[1], OperationalError)
    if request.path_info.startswith(PREFIX):
        if gone:
            return busy_problem()
        return plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR, _("Something went wrong here. It is not your request."))
    return defaults.server_error(request)
