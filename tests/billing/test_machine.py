"""Random money on random invoices: what is open, free and owed is what plain counting says."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.billing.machine import EVERYTHING, Money


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_random_money_on_random_invoices() -> None:
    _run(examples=3, steps=20)


@pytest.mark.torture
@pytest.mark.django_db
def test_random_money_for_long() -> None:
    """Each act was done, not only tried."""
    bounded = os.environ.get("TORTURE") == "bounded"
    Money.happened.clear()
    for _round in range(1 if bounded else 25):
        _run(examples=12, steps=40)
    if not bounded:
        assert Money.happened.keys() >= EVERYTHING
