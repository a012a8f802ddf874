"""Every formula against the slow oracle, on random networks, per site and for the network.

`make test` tries a few networks with each check; `make torture` thousands with all of them
(`TORTURE=bounded` a sample, `TORTURE_EXAMPLES` any number).
"""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings

from indicators.formulas import INDICATORS
from indicators.profiles import PROFILES
from tests.indicators import checks, oracle_admission, oracle_rents, oracle_stays
from tests.indicators.books import Case, cases
from tests.indicators.oracle import Oracle

FULL, BOUNDED = 3000, 150
TORTURE = FULL if os.environ.get("TORTURE") == "full" else BOUNDED
on_random_cases = settings(
    deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("check", checks.OF_FIGURES, ids=lambda check: check.__name__)
@settings(on_random_cases, max_examples=20)
@given(case=cases())
def test_random_networks(check: Callable[[Case], None], case: Case) -> None:
    check(case)


@pytest.mark.torture
@settings(
    on_random_cases,
    max_examples=int(os.environ.get("TORTURE_EXAMPLES", TORTURE)),
)
@given(case=cases())
def test_very_many_random_networks(case: Case) -> None:
    for check in (*checks.OF_FIGURES, *checks.OF_ROWS):
        check(case)


def test_every_indicator_is_computed_twice() -> None:
    slow = (Oracle.names, oracle_admission.NAMES, oracle_stays.FIGURES, oracle_rents.NAMES)
    assert {name for names in slow for name in names} == set(INDICATORS)
    assert {"funnel", *oracle_stays.PROFILES, *oracle_rents.PROFILES} == set(PROFILES)
