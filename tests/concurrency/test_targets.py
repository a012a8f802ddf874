"""Several set the same target at the same moment: one row, of whoever was last."""

import datetime as dt
from decimal import Decimal

import pytest

from indicators.choices import Bound
from indicators.models import Target
from indicators.services.targets import set_target
from tests.concurrency.crowd import at_once
from tests.factories import scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("of_a_site", [True, False])
def test_the_same_target_is_set_once(of_a_site: bool) -> None:
    site = scene.site("CAS") if of_a_site else None

    def wish(number: int) -> Decimal:
        value = Decimal(80 + number)
        set_target(
            name="occupancy_area",
            site=site,
            since=dt.date(2026, 1, 1),
            bound=Bound.AT_LEAST,
            value=value,
            acting_user=None,
        )
        return value

    values = at_once(4, wish)
    assert Target.objects.get().value in values
