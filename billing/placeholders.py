"""The words in braces of a reminder: which there are. Pure; `core.placeholders` fills them in."""

from typing import Final

REMINDER: Final = (
    "number",
    "lessor",
    "company",
    "site",
    "city",
    "day",
    "total",
    "total_in_words",
    "oldest",
    "pay_by",
    "earlier",
    "rib",
    "email",
    "phone",
)
"""The letter's number, the parties, where and when; what is overdue and since when (`oldest`), by
when it is awaited, the day of the letter before; where to pay and whom to ask."""
