"""The words in braces of a document's clauses: which there are. Pure; `core.placeholders` fills
them in."""

from collections.abc import Mapping
from typing import Final

from leases.choices import DocumentKind

EVERYWHERE: Final = ("number", "lessor", "company", "site", "city", "day")
"""In every document: the lease's number, the parties, where, the day of the document."""

OWN: Final[Mapping[str, tuple[str, ...]]] = {
    DocumentKind.CONTRACT: (
        "spaces",
        "area",
        "start",
        "end",
        "notice",
        "deposit",
        "deposit_in_words",
        "maximum_stay",
    ),
    DocumentKind.AMENDMENT: ("amendment", "effective_on", "reason", "lease_signed_on"),
    DocumentKind.NOTICE: ("given_by", "given_on", "last_day", "reason"),
    DocumentKind.CERTIFICATE: ("spaces", "area", "start", "end", "address"),
    DocumentKind.HANDOVER: ("way", "spaces", "address", "entry_day"),
    DocumentKind.SETTLEMENT: (
        "settled_on",
        "last_day",
        "held",
        "held_in_words",
        "kept",
        "kept_in_words",
        "to_return",
        "to_return_in_words",
        "still_held",
        "still_held_in_words",
        "note",
    ),
}
"""What one kind of document says besides."""


def known(kind: str) -> tuple[str, ...]:
    """The names that the clauses of this kind of document can use."""
    return EVERYWHERE + OWN[kind]
