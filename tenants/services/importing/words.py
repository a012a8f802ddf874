"""Lists in a cell: sectors, technologies, sites; and "N/A", which says nothing."""

import re
from collections.abc import Iterable
from typing import Any, Final, Generic, TypeVar

from django.utils.text import slugify

from core.cells import folded
from tenants.models import Sector, Technology

_NOTHING: Final = re.compile(r"(?<!\w)(?:n/a|-|—)(?!\w)", re.IGNORECASE)
_BETWEEN_SITES: Final = re.compile(r"[/,;|]|\s(?:and|et|و)\s", re.IGNORECASE)
_BETWEEN_WORDS: Final = re.compile(r"[;|]")

_Word = TypeVar("_Word", Sector, Technology)


def site_names(text: str) -> list[str]:
    """ "Casablanca, Rabat et Tanger" → three names; "N/A" → none."""
    return _parts(_BETWEEN_SITES.split(_NOTHING.sub(";", text)))


def words(text: str) -> list[str]:
    """Separated by semicolons only: names hold commas and slashes ("ERP / CRM", "IAR,VAR")."""
    return [part for part in _parts(_BETWEEN_WORDS.split(text)) if not _NOTHING.fullmatch(part)]


def _parts(parts: Iterable[str]) -> list[str]:
    return [part for part in (" ".join(part.split()) for part in parts) if part]


class Words(Generic[_Word]):
    """Sectors or technologies by code or name in any language; unknown ones are made."""

    def __init__(self, model: type[_Word]) -> None:
        self.model: type[_Word] = model
        self.made: dict[str, _Word] = {}
        self._known: dict[str, _Word] = {}
        self._codes: set[str] = set()
        for word in model._default_manager.all():
            self._codes.add(word.code)
            for name in (word.code, word.name_fr, word.name_ar, word.name_en):
                if name:
                    self._known.setdefault(folded(name), word)

    def find(self, name: str) -> _Word | None:
        return self._known.get(folded(name)) or self.made.get(folded(name))

    def make(self, name: str) -> _Word:
        """The word, not saved yet."""
        base = slugify(name)[:54] or "x"
        code, number = base, 1
        while code in self._codes:
            number += 1
            code = f"{base}-{number}"
        self._codes.add(code)
        word: Any = self.model(code=code, name_fr=name[:120])
        self.made[folded(name)] = word
        return word  # type: ignore[no-any-return]
