#!/usr/bin/env python
"""Runs Django's commands, with the embedded services where no others are set."""

import os
import sys

# Commands that read no data; everything else may.
WITHOUT_SERVICES = {
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "version",
}
HELP = {"-h", "--help", "--version"}


def needs_services(arguments: list[str]) -> bool:
    """Whether a command line (without the program's name) may touch the database or Redis."""
    return bool(arguments) and arguments[0] not in WITHOUT_SERVICES and not HELP & set(arguments)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "technopark.settings")
    from technopark.embedded import EmbeddedError, hold, is_needed

    if is_needed() and needs_services(sys.argv[1:]):
        try:
            hold()
        except EmbeddedError as error:
            sys.exit(f"manage.py: {error}")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("manage.py: Django is not installed: run `make setup`, then .venv/bin/python.")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"manage.py: {error}")
    except Exception as error:
        from technopark.unreachable import told

        line = told(error)
        if line is None:
            raise
        sys.exit(f"manage.py: {line}")


if __name__ == "__main__":
    main()
