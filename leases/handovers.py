"""What an exit says against its entry. Pure."""

from decimal import Decimal
from typing import Final

from leases.choices import Condition

_WEAR: Final = {
    Condition.GOOD: 0,
    Condition.WORN: 1,
    Condition.DAMAGED: 2,
    Condition.MISSING: 3,
    Condition.NOT_THERE: 3,
}


def is_worse(before: str, now: str) -> bool:
    """Whether a thing left its tenant worse than it came; of what nobody looked at, no."""
    if not before or not now or before in {Condition.MISSING, Condition.NOT_THERE}:
        return False
    return _WEAR[Condition(now)] > _WEAR[Condition(before)]


def consumed(before: Decimal | None, now: Decimal | None, *, replaced: bool) -> Decimal | None:
    """Between two readings of one meter, in its unit; None: they do not tell."""
    if before is None or now is None or replaced:
        return None
    return now - before
