"""What is loaded of leases that are not as their contracts have it."""

from datetime import timedelta

import pytest

from core.periods import ONE_DAY, add_months, today
from indicators.selectors.network import Network
from tests.factories import scene, tenancies

pytestmark = pytest.mark.django_db


def test_who_holds_over_is_there_and_no_exit_until_the_next_has_the_room() -> None:
    site = scene.site()
    start = add_months(today(), -14)
    room = scene.office(site)
    over = tenancies.active(site, room, company=scene.company("Reste Démo"), start=start, months=12)
    last = over.period.last_day
    assert last is not None
    network = Network()
    days = [last, today(), today() + timedelta(days=40)]

    def told(name: str) -> list[int]:
        return [int(figure.numerator) for figure in network.figures(name, days)]

    assert (told("hosted"), told("exits")) == ([1, 1, 1], [0, 0, 0])
    following = today() + timedelta(days=10)
    tenancies.signed(site, room, company=scene.company("Suit Démo"), start=following)
    network = Network()
    assert (told("hosted"), told("exits")) == ([1, 1, 1], [0, 0, 1])
    exits = network.rows("exits", days[2])
    assert [row.last_day for row in exits] == [following - ONE_DAY]
