"""Domain errors: one base class, a stable code, a message for people, data for programs.

Services raise them; `technopark.api.problems`, forms and the staff site turn them into
problem+json, form errors and messages, so that no other place words a refusal.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core import formats


class DomainError(Exception):
    """A refusal that a person can read.

    Subclasses set `code` (stable, part of the API), `text` (a %-template over the data, in
    English, translated when shown), `status` (HTTP) and, where one input is at fault, `field`.
    """

    code: ClassVar[str] = "refused"
    text: ClassVar[str | Promise] = _("This is not possible.")
    status: ClassVar[int] = 409
    field: str | None = None

    def __init__(self, *, field: str | None = None, **data: Any) -> None:
        super().__init__(self.code)
        self.data = data
        if field is not None:
            self.field = field

    @property
    def message(self) -> str:
        """The refusal in the language in force, its days and amounts as people write them."""
        language = get_language() or "fr"
        text: Any = self.text
        return str(text % {name: _said(value, language) for name, value in self.data.items()})

    def __str__(self) -> str:
        return self.message


def _said(value: Any, language: str) -> Any:
    if isinstance(value, dt.date):
        return formats.day(value, language)
    if isinstance(value, Decimal) and isinstance(exponent := value.as_tuple().exponent, int):
        return formats.number(value, language, decimals=max(-exponent, 0))
    return value


class InvalidInput(DomainError):
    """What was sent cannot be understood or breaks a rule of form."""

    code = "invalid"
    text = _("%(reason)s")
    status = 400


class NotAllowed(DomainError):
    """The acting user has no right to do this here."""

    code = "not_allowed"
    text = _("You do not have the right to do this.")
    status = 403


class Stale(DomainError):
    """What the user saw has changed since; they must look again before deciding."""

    code = "stale"
    text = _("This has changed since you opened it. Look at it again before you decide.")


def kept_of(error: Exception) -> str:
    """What a row keeps of why its work failed, in at most 500 characters: a refusal as people read
    it, of an error of the program whom to tell."""
    if isinstance(error, DomainError):
        return error.message[:500]
    return gettext("An error of the program: tell its developers (%(error)s).") % {
        "error": f"{type(error).__name__}: {error}"[:300]
    }
