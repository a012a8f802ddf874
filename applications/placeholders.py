"""The words in braces of a letter: which there are. Pure; `core.placeholders` fills them in."""

from collections.abc import Mapping
from typing import Final

from applications.labels import LetterKind

EVERYWHERE: Final = ("reference", "contact", "project", "site", "lessor", "link", "day")
"""In every letter: the file's reference, who it is written to, what they want to do, where, whose
house it is, the address of the applicant's page, today."""

OWN: Final[Mapping[str, tuple[str, ...]]] = {
    LetterKind.ADMIT: (),
    LetterKind.ADMIT_WITH_CONDITIONS: ("conditions",),
    LetterKind.WAITLIST: ("until",),
    LetterKind.DEFER: ("until",),
    LetterKind.REFUSE: ("reasons",),
    LetterKind.INELIGIBLE: ("reason",),
    LetterKind.OFFER: ("space", "area", "start", "end", "rent", "deposit", "open_until"),
}
"""What one kind of letter says besides."""


def known(kind: str) -> tuple[str, ...]:
    """The names that a letter of this kind can use."""
    return EVERYWHERE + OWN[kind]
