"""Two questions of the platform: is the process alive (`/healthz`), and may visitors be sent to it (`/readyz`).

Neither keeps anything to guard against another site, so that a wrong method is told as such.

Neither says more than it must: no versions, no addresses. What is wrong goes to the log by name.
"""

import logging
from http import HTTPStatus

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from core import triggers

logger = logging.getLogger(__name__)


@csrf_exempt
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else, so that a slow database never gets a healthy process killed."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, every migration has run and every audit trigger stands; else 503.

    Answers which of the three fails: `{"status": "unavailable", "checks": {"database": "ok", "migrations": "failed", ...}}`.
    """
    checks = {"database": _database(), "migrations": False, "triggers": False}
    if checks["database"]:
        checks["migrations"] = _migrations()
        checks["triggers"] = _triggers()
    ready = all(checks.values())
    answer = {
        "status": "ok" if ready else "unavailable",
        "checks": {name: "ok" if passed else "failed" for name, passed in checks.items()},
    }
    return JsonResponse(answer, status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        logger.exception("readyz: the database does not answer")
        return False


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        logger.exception("readyz: the migrations cannot be read")
        return False
    if waiting:
        logger.error(
            "readyz: migrations wait: %s", ", ".join(f"{step.app_label}.{step.name}" for step, _back in waiting)
        )
    return not waiting


def _triggers() -> bool:
    try:
        missing = triggers.missing()
    except DatabaseError:
        logger.exception("readyz: the triggers cannot be read")
        return False
    if missing:
        logger.error("readyz: append-only triggers are missing: %s", ", ".join(missing))
    return not missing
