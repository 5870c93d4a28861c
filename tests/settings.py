"""Settings of a test run: the product's, with a data directory of the run's own and cheap passwords."""

import atexit
import os
import shutil
import tempfile

# Child processes inherit the directory; only the run that made it removes it.
if "TREDE_DATA_DIR" not in os.environ:
    os.environ["TREDE_DATA_DIR"] = tempfile.mkdtemp(prefix="trede-tests-")
    atexit.register(shutil.rmtree, os.environ["TREDE_DATA_DIR"], ignore_errors=True)

from marketplace.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

INSTALLED_APPS = [*INSTALLED_APPS, "tests.door"]  # a machine to try the one door on
