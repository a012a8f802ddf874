"""Reads settings from the environment: loud on a bad value, `NAME_FILE` for secrets."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE: Final = {"1", "true", "yes", "on"}
_FALSE: Final = {"0", "false", "no", "off"}


def text(name: str, default: str | None = None, *, choices: Iterable[str] | None = None) -> str:
    """The value of `name`, or the stripped content of the file named by `NAME_FILE`.

    An empty variable is one that is not set: Compose makes such of what its shell lacks.
    Raises ImproperlyConfigured when it is missing without a default, when both are given,
    when the file cannot be read or is empty, or when the value is not among `choices`.
    """
    value = os.environ.get(name)
    file_name = os.environ.get(f"{name}_FILE")
    if value and file_name:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    if file_name:
        try:
            value = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
        if not value:
            raise ImproperlyConfigured(f"{name}_FILE={file_name} is empty.")
    if not value:
        if default is None:
            raise ImproperlyConfigured(f"{name} is not set (or {name}_FILE with its content).")
        value = default
    if choices is not None and value not in set(choices):
        raise ImproperlyConfigured(f"{name}={value!r} must be one of {', '.join(choices)}.")
    return value


def flag(name: str, default: bool) -> bool:
    """A yes/no setting; anything but the usual words is refused."""
    value = text(name, "1" if default else "0").lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} must be yes or no.")


def integer(name: str, default: int, *, at_least: int = 0) -> int:
    """A whole number of at least `at_least`."""
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} must be a whole number.") from error
    if number < at_least:
        raise ImproperlyConfigured(f"{name}={number} must be at least {at_least}.")
    return number


def url(name: str, default: str | None = None, *, schemes: Iterable[str]) -> str:
    """An address that begins with one of `schemes`; a default may be empty.

    Raises ImproperlyConfigured without showing the value, which may hold a password.
    """
    value = text(name, default)
    known = sorted(schemes)
    if value and urlsplit(value).scheme not in known:
        raise ImproperlyConfigured(
            f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in known)}"
        )
    try:
        _port = urlsplit(value).port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: its port must be a number up to 65535.") from error
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
