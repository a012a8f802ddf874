"""How long real leases still run: as it was agreed on the day."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from core.periods import ONE_DAY, Period
from indicators.selectors.network import Network
from leases import changes
from leases.choices import NoticeBy
from leases.selectors.amending import lasting_to
from leases.selectors.terms import terms_of
from leases.services.assignment import assign_lease
from leases.services.exits import end_lease
from leases.services.notices import give_notice, withdraw_notice
from sites.choices import TenantKind
from sites.rates import Step
from sites.services.splitting import merge_spaces, split_space
from tests.factories import scene, tenancies
from tests.indicators.agreed import NOW, START, TODAY, amended

pytestmark = pytest.mark.django_db


def test_time_left_is_the_one_that_was_agreed_on_the_day() -> None:
    """A notice that was withdrawn, then a renewal: each counts from the day it was given."""
    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        lease = tenancies.active(site, scene.office(site), start=START)  # to the end of 2027
        given = dt.date(2026, 3, 1)
        give_notice(lease=lease, given_by=NoticeBy.TENANT, given_on=given, acting_user=None)
        withdrawn = dt.date(2026, 4, 1)
        withdraw_notice(lease=lease, on=withdrawn, reason="Il reste", acting_user=None)
        after = lasting_to(lease, terms_of(lease), dt.date(2031, 1, 1))
        amended(lease, after, dt.date(2028, 1, 1), signed_on=dt.date(2026, 6, 1))
        network = Network()

    def left(name: str, day: dt.date) -> dt.date:
        """The first day that is not let any more."""
        (row,) = network.rows(name, day)
        figure = network.figure(name, day)
        days = int(figure.value or 0)
        assert row.more["left_days"] == days
        assert (figure.numerator, figure.denominator) == (Decimal(24_000 * days), Decimal(24_000))
        return day + dt.timedelta(days)

    notice_end = dt.date(2026, 6, 2)
    for day, end, leave in [
        (dt.date(2026, 2, 28), dt.date(2028, 1, 1), dt.date(2026, 6, 1)),
        (given, notice_end, notice_end),
        (dt.date(2026, 3, 31), notice_end, notice_end),
        (withdrawn, dt.date(2028, 1, 1), dt.date(2026, 7, 2)),
        (dt.date(2026, 5, 31), dt.date(2028, 1, 1), dt.date(2026, 9, 1)),
        (dt.date(2026, 6, 1), dt.date(2031, 1, 1), dt.date(2026, 9, 2)),
        (dt.date(2030, 11, 15), dt.date(2031, 1, 1), dt.date(2031, 1, 1)),
    ]:
        assert (left("walt_end", day), left("walt_exit", day)) == (end, leave), day


def test_a_room_ends_early_once_that_is_signed_and_goes_on_behind_other_walls() -> None:
    """One room is given up, one becomes smaller, one is split: the last two go on to the end."""
    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        rooms = [scene.office(site, code=code) for code in ("A1", "A2", "A3")]
        lease = tenancies.active(site, *rooms, start=START)  # to the end of 2027
        gone = dt.date(2026, 3, 1)
        after = changes.give_up(terms_of(lease), 0, gone)
        amended(lease, after, gone, signed_on=dt.date(2026, 2, 10))
        smaller = dt.date(2026, 5, 1)
        after = changes.resize(terms_of(lease), 1, smaller, Decimal(15))
        amended(lease, after, smaller, signed_on=dt.date(2026, 4, 20))
        parts = [("A3-A", Decimal(12)), ("A3-B", Decimal(8))]
        split_space(space=rooms[2], parts=parts, since=dt.date(2026, 6, 1), acting_user=None)
        network = Network()

    def ends(day: dt.date) -> dict[str | None, dt.date]:
        rows = network.rows("walt_end", day)
        return {row.space: day + dt.timedelta(int(str(row.more["left_days"]))) for row in rows}

    end = dt.date(2028, 1, 1)
    assert ends(dt.date(2026, 2, 9)) == {"A1": end, "A2": end, "A3": end}
    assert ends(dt.date(2026, 2, 10)) == {"A1": gone, "A2": end, "A3": end}
    for day in (gone, dt.date(2026, 4, 30), dt.date(2026, 5, 31)):
        assert ends(day) == {"A2": end, "A3": end}
    assert ends(dt.date(2026, 6, 1)) == {"A2": end, "A3-A": end, "A3-B": end}


def test_a_room_given_up_has_its_end_also_where_something_else_comes_first() -> None:
    """Three rooms are given up for September. One tenant leaves in May, one assigns its lease, one
    takes fewer m² of the room in April and gives it up for July instead."""
    september, july, end = dt.date(2026, 9, 1), dt.date(2026, 7, 1), dt.date(2028, 1, 1)
    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        leases = []
        for code in ("A", "B", "C"):
            rooms = scene.office(site, code=code), scene.office(site, code=f"{code}2")
            leases.append(tenancies.active(site, *rooms, start=START))
            after = changes.give_up(terms_of(leases[-1]), 0, september)
            amended(leases[-1], after, september, signed_on=dt.date(2026, 2, 10))
        left, assigned, smaller = leases
        end_lease(lease=left, last_day=dt.date(2026, 5, 14), reason="Parti", acting_user=None)
        assign_lease(
            lease=assigned, company=scene.company("Repreneur"), since=dt.date(2026, 5, 1),
            reason="Cession", acting_user=None,
        )  # fmt: skip
        april = dt.date(2026, 4, 20)
        smaller.refresh_from_db()
        after = changes.resize(terms_of(smaller), 0, april, Decimal(15))
        amended(smaller, after, april, signed_on=dt.date(2026, 3, 15))
        smaller.refresh_from_db()
        terms = terms_of(smaller)
        (place,) = (
            at for at, one in enumerate(terms.lettings)
            if one.space == "C" and one.period.start == april
        )  # fmt: skip
        earlier = changes.give_up(terms, place, july)
        amended(smaller, earlier, july, signed_on=dt.date(2026, 5, 20))
        network = Network()

    def ends(day: dt.date) -> dict[str | None, dt.date]:
        rows = network.rows("walt_end", day)
        return {row.space: day + dt.timedelta(int(str(row.more["left_days"]))) for row in rows}

    others = {"A2": end, "B2": end, "C2": end}
    assert ends(dt.date(2026, 2, 9)) == {"A": end, "B": end, "C": end, **others}
    for day in (dt.date(2026, 2, 10), dt.date(2026, 3, 20), dt.date(2026, 4, 20)):
        assert ends(day) == {"A": september, "B": september, "C": september, **others}, day
    assert ends(dt.date(2026, 5, 14)) == {"A": september, "B": september, "C": september, **others}
    del others["A2"]
    assert ends(dt.date(2026, 5, 19)) == {"B": september, "C": september, **others}
    assert ends(dt.date(2026, 5, 20)) == {"B": september, "C": july, **others}


def test_what_goes_on_in_another_letting_does_not_end() -> None:
    """Another kind of tenant without a room; other m² on the very day on which walls moved."""
    end, since = dt.date(2028, 1, 1), dt.date(2026, 5, 1)
    with time_machine.travel(NOW, tick=False):
        site = scene.site("CAS")
        fee = tenancies.active(site, start=START, kind=TenantKind.DOMICILIATION)
        steps = [[Step(Period(since, end), Decimal(400))]]
        other = changes.recategorise(terms_of(fee), since, TenantKind.SUPPORT, steps)
        amended(fee, other, since, signed_on=dt.date(2026, 4, 1))
        rooms = [scene.office(site, code=code) for code in ("A1", "A2")]
        lease = tenancies.active(site, *rooms, start=START)
        merge_spaces(spaces=rooms, code="A12", area_m2=Decimal(40), since=since, acting_user=None)
        terms = terms_of(lease)
        (place,) = (at for at, letting in enumerate(terms.lettings) if letting.space == "A12")
        amended(lease, changes.resize(terms, place, since, Decimal(18)), since, signed_on=TODAY)
        network = Network()
    for day in (dt.date(2026, 3, 1), since - ONE_DAY, since):
        rows = network.rows("walt_end", day)
        assert len(rows) == 3
        assert {row.more["left_days"] for row in rows} == {(end - day).days}
