from django.apps import AppConfig


class VouchersConfig(AppConfig):
    name = "vouchers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import triggers

        # What was booked, decided or laid down as a rule stays as written; a correction is a new row.
        triggers.protect("vouchers_ledgertransaction")
        triggers.protect("vouchers_ledgerentry")
        triggers.protect("vouchers_decision")
        triggers.protect("vouchers_ruleset")
