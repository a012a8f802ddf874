"""What an application answers: the names of its fields, and their values as JSON. Pure."""

from collections.abc import Iterable
from typing import Any, Final

FIELDS: Final = frozenset(
    {
        "applicant_kind",
        "name",
        "legal_form",
        "ice",
        "website",
        "sectors",
        "project",
        "team",
        "team_size",
        "wanted_m2",
        "wanted_start",
        "contact_name",
        "contact_phone",
    }
)
"""What the form asks and a request for information can open again; never the e-mail address,
which is who the applicant is."""


def as_json(file: object, *, sectors: Iterable[str]) -> dict[str, Any]:
    """An application's answers by field: text and whole numbers as they are, others as text.

    Those to the call's own questions stand together under "answers".
    """
    values: dict[str, Any] = {"sectors": sorted(sectors)}
    if own := getattr(file, "answers", None):
        values["answers"] = own
    for name in sorted(FIELDS - {"sectors"}):
        value = getattr(file, name)
        values[name] = value if isinstance(value, int) else str(value)
    return values
