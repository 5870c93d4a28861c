"""Whether a browser looks at each page in every face: `make soak NAME=face`."""

import os

EVERY_FACE = os.environ.get("TREDE_EVERY_FACE") == "1"
"""Both languages, both colour schemes, desk and telephone; otherwise as much as `make test` has time for (DESIGN 8)."""
