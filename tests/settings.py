"""Settings of a test run: the product's, with a data directory of the run's own and cheap passwords."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

OURS = "trede-tests-"

# Child processes inherit the directory; only the run that made it removes it.
if "TREDE_DATA_DIR" not in os.environ:
    os.environ["TREDE_DATA_DIR"] = tempfile.mkdtemp(prefix=OURS)
    atexit.register(shutil.rmtree, os.environ["TREDE_DATA_DIR"], ignore_errors=True)

# Workers side by side each have a place of their own in it, which their child processes inherit too.
worker, place = os.environ.get("PYTEST_XDIST_WORKER", ""), Path(os.environ["TREDE_DATA_DIR"])
if worker and place.name.startswith(OURS):
    (place / worker).mkdir(exist_ok=True)
    os.environ["TREDE_DATA_DIR"] = str(place / worker)

from marketplace.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [*INSTALLED_APPS, "tests.door"]  # a machine to try the one door on
