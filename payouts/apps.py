from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import triggers

        triggers.protect("payouts_batchfile")  # what the bank got stays what the bank got
