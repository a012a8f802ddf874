"""Folding a company's name into a key that look-alikes share. Pure.

PostgreSQL here has no ICU and its `unaccent` cannot be indexed, so the key is made in Python:
accents, case, punctuation and the legal form are dropped ("Prod'Air S.A.R.L." → "prod air").
"""

import re
import unicodedata
from typing import Final

_FORMS: Final = {"sarl", "sarlau", "sa", "sas", "snc", "scs", "sca", "gie", "au", "ste", "societe"}
_INITIALS: Final = re.compile(r"\b(?:[a-z]\.){2,}")
_NOT_WORD: Final = re.compile(r"[\W_]+")
_ARABIC: Final = str.maketrans("أإآٱىة", "اااايه")


def folded(text: str) -> str:
    """Small letters without accents, vowel signs and ligatures; Arabic letters in one form each."""
    # Decomposing may bring capitals out ("㎀" is "pA"), folding may bring accents out.
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(char for char in small if not unicodedata.combining(char))
    plain = plain.replace("œ", "oe").replace("æ", "ae")
    plain = plain.replace("ـ", "")  # tatweel stretches, it says nothing
    return plain.translate(_ARABIC)


def name_key(name: str) -> str:
    """The folded key of a name, at most 200 characters; never empty for a non-blank name."""
    plain = folded(name)
    plain = _INITIALS.sub(lambda match: match.group().replace(".", ""), plain)
    words = _NOT_WORD.sub(" ", plain).split()
    kept = [word for word in words if word not in _FORMS]
    return " ".join(kept or words)[:200] or " ".join(name.split()).casefold()[:200]
