#!/usr/bin/env python
"""The product's command line."""

import os
import sys


def main() -> None:
    """Run a management command with the product's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
