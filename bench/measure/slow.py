"""The product behind a door that waits: the control of the measurements of answering times."""

import time
from typing import Any

from marketplace.wsgi import application as product

WAIT = 0.6
"""Seconds: a little more than the longest a page may take."""


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Every page and answer of the API is late; the probes are not."""
    if not environ["PATH_INFO"].endswith("z"):
        time.sleep(WAIT)
    return product(environ, start_response)
