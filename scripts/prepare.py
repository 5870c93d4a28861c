"""Bring the database up to date before serving: tables, reference data and, in the demo, demo data. Safe to repeat."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

import django
from django.conf import settings
from django.core.management import call_command
from django.utils import translation


def main() -> None:
    """Migrate and load; each step does nothing when it was done before."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_reference")
    if settings.TREDE_ENV == "demo":
        call_command("load_demo")
        from marketplace.demo.accounts import ACCOUNTS, PASSWORD, address

        print(f"\nDemo accounts, all with the password {PASSWORD}:")
        with translation.override("en"):
            for name, what in ACCOUNTS:
                print(f"  {address(name):<24} {what}")


if __name__ == "__main__":
    main()
