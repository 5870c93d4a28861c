from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import triggers

        triggers.protect("core_auditentry")
        triggers.protect("core_auditcheckpoint")
        triggers.protect("core_auditpayload", erasable=["salt", "body"])
        triggers.protect("core_hand")
        post_migrate.connect(_keep_the_trail, dispatch_uid="core.triggers")


def _keep_the_trail(using: str, **_kwargs: Any) -> None:
    # Django sends this after every app of a migrate, so also after the last one that may have rebuilt a table.
    from core import triggers

    triggers.install(using)
