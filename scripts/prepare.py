"""Bring the database up to date before serving: tables, reference data and, in the demo, demo data. Safe to repeat."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

import django
from django.conf import settings
from django.core.management import call_command

DEMO_PASSWORD = "trede-demo"
DEMO_ACCOUNTS = [
    ("sme", "a small business that has a case with us"),
    ("sme2", "another small business"),
    ("provider", "a provider of solutions"),
    ("provider2", "another provider"),
    ("assessor", "checks dossiers, applications and claims"),
    ("assessor2", "a second one: nobody checks both an application and a claim under it"),
    ("decider", "decides what somebody else checked"),
    ("decider2", "a second decider, who can check too"),
    ("treasurer", "prepares payout batches"),
    ("approver", "approves and releases them"),
    ("manager", "opens programmes, sets rates and ceilings"),
    ("manager2", "a second manager"),
    ("adviser", "helps businesses at the first-line desk"),
    ("auditor", "reads everything, changes nothing"),
]


def main() -> None:
    """Migrate and load; each step does nothing when it was done before."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_reference")
    if settings.TREDE_ENV == "demo":
        call_command("load_demo")
        print(f"\nDemo accounts, all with the password {DEMO_PASSWORD}:")
        for name, what in DEMO_ACCOUNTS:
            print(f"  {name + '@demo.example':<24} {what}")


if __name__ == "__main__":
    main()
