"""The trail is verified while people work: what they do meanwhile is no damage."""

import textwrap

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.database]

VERIFY = textwrap.dedent(
    """
    import json, subprocess, sys
    import django
    django.setup()
    from contextlib import nullcontext
    from io import StringIO
    from django.core.management import CommandError, call_command
    from core.management.commands import verify_audit

    if "--unguarded" in sys.argv:
        verify_audit._one_moment = nullcontext
    plain = verify_audit._entries

    def somebody_acts_first():
        subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.core.act"], check=True, stdout=subprocess.DEVNULL)
        return plain()

    subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.core.act"], check=True, stdout=subprocess.DEVNULL)
    verify_audit._entries = somebody_acts_first
    out = StringIO()
    try:
        call_command("verify_audit", stdout=out)
        told = out.getvalue()
    except CommandError as damaged:
        told = str(damaged)
    print(json.dumps({"told": told}))
    """
)


def test_an_act_between_two_readings_is_no_damage(told_by):
    assert "sound: 1 entries" in told_by("-c", VERIFY)["told"]


def test_the_control_without_one_moment_raises_a_false_alarm(told_by):
    assert "its end is not where its head says" in told_by("-c", VERIFY, "--unguarded")["told"]
