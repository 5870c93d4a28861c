"""What the surroundings may and may not set."""

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from marketplace.settings import environment

STRONG = "q8Xv-2mZr7Kp_0tLw4Yb6Nc1Hd3Jf5Sg9Ae-Uo8Ri2Ek4Tz6Wy"


def test_without_a_word_it_is_the_demo():
    assert environment.environment_name({}) == "demo"


def test_a_typing_error_in_the_environment_never_falls_back_to_the_demo():
    with pytest.raises(ImproperlyConfigured, match="prod"):
        environment.environment_name({"TREDE_ENV": "prod"})


@pytest.mark.parametrize("key", ["", "short", "a" * 60])
def test_production_refuses_a_missing_short_or_dull_secret_key(key, tmp_path):
    with pytest.raises(ImproperlyConfigured):
        environment.secret_key({"SECRET_KEY": key}, "production", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_production_takes_a_strong_secret_key(tmp_path):
    assert environment.secret_key({"SECRET_KEY": STRONG}, "production", tmp_path) == STRONG


def test_the_demo_makes_its_own_secret_key_once_and_keeps_it_to_itself(tmp_path):
    first = environment.secret_key({}, "demo", tmp_path / "data")
    assert len(first) >= 50
    assert environment.secret_key({}, "demo", tmp_path / "data") == first
    (file,) = (tmp_path / "data").iterdir()
    assert file.stat().st_mode & 0o077 == 0


BODY = {
    "AUTHORITY_NAME": "Regiefonds Noord",
    "AUTHORITY_ADDRESS": "Postbus 1, 9700 AA Groningen",
    "AUTHORITY_PHONE": "050 123 45 67",
    "AUTHORITY_EMAIL": "loket@regiefonds.example",
    "AUTHORITY_WEBSITE": "https://regiefonds.example",
}


@pytest.mark.parametrize("key", BODY)
def test_production_says_who_runs_it(key):
    assert environment.authority(BODY, "production")["address"] == ["Postbus 1", "9700 AA Groningen"]
    for without in ({**BODY, key: " "}, {one: value for one, value in BODY.items() if one != key}):
        with pytest.raises(ImproperlyConfigured, match=key):
            environment.authority(without, "production")


def test_the_demo_says_that_its_authority_is_made_up():
    assert environment.authority(BODY, "demo") == {**environment.DEMO_AUTHORITY, "made_up": True}
    assert environment.authority(BODY, "production")["made_up"] is False


SOUND = {
    "debug": False,
    "hosts": ["trede.example"],
    "origin": "https://trede.example",
    "sender": "Trede <trede@trede.example>",
    "database_config": {"ENGINE": "django.db.backends.postgresql"},
}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"debug": True}, "DEBUG"),
        ({"hosts": []}, "ALLOWED_HOSTS"),
        ({"hosts": ["*"]}, "ALLOWED_HOSTS"),
        ({"origin": "http://127.0.0.1:8000"}, "TREDE_ORIGIN"),
        ({"origin": ""}, "TREDE_ORIGIN"),
        ({"sender": ""}, "DEFAULT_FROM_EMAIL"),
    ],
)
def test_production_refuses_what_is_only_right_on_ones_own_machine(monkeypatch, wrong, named):
    monkeypatch.setenv("DATABASE_URL", "postgres://db/trede")
    with pytest.raises(ImproperlyConfigured, match=named):
        environment.check_production(**{**SOUND, **wrong})


def test_production_starts_on_sound_settings(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db/trede")
    assert environment.check_production(**SOUND) is None


def test_production_refuses_the_default_database(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        environment.check_production(**SOUND)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs"])
def test_sqlite_on_a_network_disk_is_refused(tmp_path, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/root / ext4 rw 0 0\nserver:/x {tmp_path} {kind} rw 0 0\n")
    with pytest.raises(ImproperlyConfigured, match="network"):
        environment.refuse_network_file_system(tmp_path / "trede.sqlite3", mounts)


def test_sqlite_on_a_disk_of_this_machine_is_fine(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x /elsewhere nfs rw 0 0\n/dev/root / ext4 rw 0 0\n/dev/sdb {tmp_path} ext4 rw 0 0\n")
    assert environment.refuse_network_file_system(tmp_path / "trede.sqlite3", mounts) is None


def test_sqlite_waits_for_its_lock_and_survives_a_power_cut(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    config = environment.database(environ.Env(), tmp_path)
    assert config["NAME"] == str(tmp_path / "trede.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in config["OPTIONS"]["init_command"]
    assert config["ATOMIC_REQUESTS"] is False


def test_postgresql_gives_up_waiting_for_a_lock(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://trede@db.example/trede?sslmode=require")
    config = environment.database(environ.Env(), tmp_path)
    assert "lock_timeout" in config["OPTIONS"]["options"]
    assert config["OPTIONS"]["sslmode"] == "require"
    assert config["ATOMIC_REQUESTS"] is False
