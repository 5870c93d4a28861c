"""What the surroundings decide: which environment, where the data lives, which database, which secret.

Everything is read from environment variables (README, Settings). In the demo nothing has to be set; in production a
missing or weak value stops the start, because a public body's money must not run on a default.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

DEMO = "demo"
PRODUCTION = "production"

SQLITE_OPTIONS = {
    # IMMEDIATE: a transaction that will write takes the write lock at once and waits for it, instead of failing halfway.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # The pages and verbs together run several hundred different queries; Python keeps 128 of them prepared.
    "cached_statements": 500,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
POSTGRESQL_OPTIONS = {
    # Waiting for a lock ends in a refusal that can be retried, not in a worker that hangs.
    "options": "-c lock_timeout=30s -c idle_in_transaction_session_timeout=120s",
}
AUTHORITY_KEYS = (
    "AUTHORITY_NAME",
    "AUTHORITY_ADDRESS",
    "AUTHORITY_PHONE",
    "AUTHORITY_EMAIL",
    "AUTHORITY_WEBSITE",
)
DEMO_AUTHORITY = {
    "name": "Demo Regiefonds",
    "address": ["Postbus 0000", "9700 XX Groningen"],
    "phone": "050 000 00 00",
    "email": "loket@demo.example",
    "website": "https://regiefonds.demo.example",
}
MINIMUM_SECRET_LENGTH = 50
MINIMUM_SECRET_VARIETY = 5


def environment_name(environ) -> str:
    """`demo` (default) or `production`; anything else is a typing error that must not fall back to the demo."""
    name = environ.get("TREDE_ENV", DEMO)
    if name not in {DEMO, PRODUCTION}:
        raise ImproperlyConfigured(f"TREDE_ENV is {name!r}: it can be 'demo' or 'production'.")
    return name


def data_directory(environ, base: Path) -> Path:
    """The one place with everything that is not code: database, uploads, batches, mail, demo secret."""
    return Path(environ.get("TREDE_DATA_DIR") or base / "var").resolve()


def secret_key(environ, name: str, data: Path) -> str:
    """The signing key: given in production, made once and kept in the data directory in the demo."""
    key = environ.get("SECRET_KEY", "")
    if name == PRODUCTION:
        if len(key) < MINIMUM_SECRET_LENGTH or len(set(key)) < MINIMUM_SECRET_VARIETY:
            raise ImproperlyConfigured(
                f"Production needs a SECRET_KEY of at least {MINIMUM_SECRET_LENGTH} random characters."
            )
        return key
    return key or _demo_secret(data / "demo-secret-key")


def _demo_secret(path: Path) -> str:
    """The key in `path`. Two processes may start at once: the first to link its file wins, the other reads that one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f"{path.name}.{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(64))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text()


def database(env, data: Path) -> dict:
    """Django's description of the one database: SQLite in the data directory unless DATABASE_URL says otherwise."""
    config = env.db_url("DATABASE_URL", default=f"sqlite:///{data / 'trede.sqlite3'}")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        # A file, never in memory: tests race several connections and processes on it.
        config["TEST"] = {"NAME": str(data / "test.sqlite3")}
    else:
        config["OPTIONS"] = {**POSTGRESQL_OPTIONS, **config.get("OPTIONS", {})}
        config["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
        config["CONN_HEALTH_CHECKS"] = True
    config["ATOMIC_REQUESTS"] = False
    return config


def authority(environ, name: str) -> dict:
    """The public body that runs Trede as people reach it: for letters and for the foot of pages that ask no database.

    `name`, `address` (lines), `phone`, `email`, `website`; `made_up` says that nobody will answer (the demo).
    """
    if name == DEMO:
        return {**DEMO_AUTHORITY, "made_up": True}
    missing = [key for key in AUTHORITY_KEYS if not environ.get(key, "").strip()]
    if missing:
        raise ImproperlyConfigured(f"Production needs {', '.join(missing)}: who sends its letters and answers people.")
    told = {key: environ[key].strip() for key in AUTHORITY_KEYS}
    return {
        "name": told["AUTHORITY_NAME"],
        "address": [line.strip() for line in told["AUTHORITY_ADDRESS"].split(",") if line.strip()],
        "phone": told["AUTHORITY_PHONE"],
        "email": told["AUTHORITY_EMAIL"],
        "website": told["AUTHORITY_WEBSITE"],
        "made_up": False,
    }


def check_production(*, debug: bool, hosts: list[str], origin: str, sender: str, database_config: dict) -> None:
    """Refuse to start in production with a setting that is only right on somebody's own machine."""
    if debug:
        raise ImproperlyConfigured("DEBUG is on: production does not start with it.")
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured("Production needs ALLOWED_HOSTS, the names it is reached by, without '*'.")
    if not origin.startswith("https://"):
        raise ImproperlyConfigured(
            "Production needs TREDE_ORIGIN, the https:// address that links in letters start with."
        )
    if not sender:
        raise ImproperlyConfigured("Production needs DEFAULT_FROM_EMAIL, the sender of its letters.")
    if "DATABASE_URL" not in os.environ:
        raise ImproperlyConfigured("Production needs DATABASE_URL; it does not run on the demo's default file.")
    if database_config["ENGINE"].endswith("sqlite3"):
        refuse_network_file_system(Path(database_config["NAME"]))


def refuse_network_file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> None:
    """SQLite's locks are not reliable over a network: refuse such a disk where the machine tells us what it is."""
    if not mounts.exists():
        return
    found = ("", "")
    for line in mounts.read_text().splitlines():
        _device, mount, kind = line.split()[:3]
        if path.resolve().is_relative_to(mount) and len(mount) >= len(found[0]):
            found = (mount, kind)
    if found[1].startswith(("nfs", "cifs", "smb", "9p", "fuse.sshfs", "ceph", "glusterfs")):
        raise ImproperlyConfigured(f"The database file is on a network disk ({found[1]}): its locks cannot be trusted.")
