"""What a bank's file says, whatever its format: movements of an account, and balances. Pure."""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.money import ZERO

LARGEST: Final = Decimal("999999999999.99")
LONGEST_NAME: Final = 200
LONGEST_REFERENCE: Final = 140
LONGEST_WORDS: Final = 2000
"""Characters; of more the rest is left out."""

_RIB: Final = re.compile(r"(?:MA[0-9]{2})?([0-9]{24})")
_RIB_AMONG: Final = re.compile(r"(?:MA[0-9]{2}|(?<![0-9]))([0-9]{24})(?![0-9])")


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an account, DH; what comes in is positive."""

    booked_on: dt.date
    amount: Decimal
    value_on: dt.date | None = None
    counterparty: str = ""
    reference: str = ""
    words: str = ""
    reversal: bool = False
    """Takes back another line, as the bank says."""
    bank_mark: str = ""
    """The bank's own name of the line, where the file has one."""


@dataclass(frozen=True, slots=True)
class AccountFile:
    """`account` and the balances as the file says them; "" and None where it does not."""

    movements: Sequence[Movement]
    account: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """What the lines lack of the way from the opening to the closing balance."""
        if self.opening is None or self.closing is None:
            return ZERO
        moved = sum((movement.amount for movement in self.movements), ZERO)
        return self.closing - self.opening - moved


def account_key(written: str) -> str:
    """An account in one way of writing: of a Moroccan IBAN its RIB, else without spaces."""
    plain = "".join(char for char in written.upper() if char.isalnum())
    found = _RIB.fullmatch(plain)
    return (found[1] if found else plain)[:34]


def accounts_in(texts: Iterable[str]) -> set[str]:
    """The RIBs that texts bear, of Moroccan IBANs too, each in one way of writing."""
    plain = ("".join(char for char in text.upper() if char.isalnum()) for text in texts)
    return {rib for text in plain for rib in _RIB_AMONG.findall(text)}


def fingerprints(account: str, movements: Sequence[Movement]) -> list[str]:
    """By movement, the SHA-256 of what identifies it: account, day, amount, the bank's mark,
    counterparty, reference and words, and how many equal ones its day had before it."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for movement in movements:
        about = (
            account,
            movement.booked_on.isoformat(),
            str(movement.amount),
            movement.bank_mark,
            movement.counterparty,
            movement.reference,
            " ".join(movement.words.split()),
        )
        told = "\x1f".join((*about, str(seen[about])))
        found.append(hashlib.sha256(told.encode()).hexdigest())
        seen[about] += 1
    return found


def one_line(text: str, longest: int) -> str:
    """Single spaces, without what no table keeps, cut to a length."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest].strip()
