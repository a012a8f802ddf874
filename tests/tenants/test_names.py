"""Names that people take for the same have the same key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.names import name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Prod'air", "prod air"),
        ("PROD’AIR S.A.R.L.", "prod air"),
        ("Société Générale d'Études", "generale d etudes"),
        ("SARL", "sarl"),
        ("Œuvre Numérique", "oeuvre numerique"),
        ("شركة الأطلس", "شركه الاطلس"),
    ],
)
def test_folding(name: str, key: str) -> None:
    assert name_key(name) == key


@given(st.text(min_size=1).filter(str.strip))
def test_a_key_is_never_empty_nor_too_long_and_stays_itself(name: str) -> None:
    key = name_key(name)
    assert 0 < len(key) <= 200
    assert name_key(key) == key or len(key) == 200
