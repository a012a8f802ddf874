"""Migrates the database and loads the demo: the supervisor's first step.

    python -m technopark.embedded.prepare [--demo]

One process for both, since starting Django takes longer than finding nothing to do.
"""

import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from technopark.unreachable import ask_redis, told


def main(arguments: Sequence[str]) -> int:
    """Return 1 when a command refuses, a setting is bad or a server does not answer.

    The reason is one line on stderr.
    """
    try:
        django.setup()
        ask_redis()
        call_command("migrate", interactive=False, verbosity=0)
        if "--demo" in arguments:
            call_command("load_demo", if_empty=True)
    except (CommandError, ImproperlyConfigured) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except Exception as error:
        line = told(error)
        if line is None:
            raise
        sys.stderr.write(f"{line}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
