"""Settings of a test run: the product's, with a data directory of the run's own and cheap passwords."""

import atexit
import os
import shutil
import tempfile

# Child processes inherit the directory; only the run that made it removes it.
if "TREDE_DATA_DIR" not in os.environ:
    os.environ["TREDE_DATA_DIR"] = tempfile.mkdtemp(prefix="trede-tests-")
    atexit.register(shutil.rmtree, os.environ["TREDE_DATA_DIR"], ignore_errors=True)

# Of workers side by side each has a place of its own in it, and so have their child processes.
worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker and os.path.basename(os.environ["TREDE_DATA_DIR"]) != worker:
    os.environ["TREDE_DATA_DIR"] = os.path.join(os.environ["TREDE_DATA_DIR"], worker)
    os.makedirs(os.environ["TREDE_DATA_DIR"], exist_ok=True)

from marketplace.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [*INSTALLED_APPS, "tests.door"]  # a machine to try the one door on
