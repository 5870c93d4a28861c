from typing import Any

from django.apps import AppConfig, apps
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


def _keep_the_trail(app_config: AppConfig, using: str, **_kwargs: Any) -> None:
    # Django sends this once per app at the end of a migrate, when every table that had to be rebuilt has been: once is enough.
    from core import triggers

    if app_config == [app for app in apps.get_app_configs() if app.models_module][-1]:
        triggers.install(using)
