"""Admission's figures from real files: received, awaited, told, waiting, spam."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from accounts.choices import Role
from applications.labels import Outcome
from applications.models import StageTarget
from applications.services.decisions import publish
from applications.services.requests import close_request
from applications.services.screening import mark_spam
from indicators.selectors.network import Network
from indicators.selectors.shown import ShownFigure
from tests.factories import scene

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def at(days: int, hour: int = 10) -> dt.datetime:
    """A moment so many days after the first, in UTC: in April an hour behind Casablanca."""
    return dt.datetime.combine(DAY + dt.timedelta(days=days), dt.time(hour), dt.UTC)


def told(figure: ShownFigure) -> tuple[Any, Any]:
    return figure.value, figure.beside


def test_files_of_a_spring() -> None:
    """Three told after 10, 20 and 31 days; of the 20, 5 awaiting the applicant. One waits, one is
    spam, one was received within the last hour of a day of Casablanca."""
    site, other = scene.site(), scene.site("CAS")
    officer = scene.staff(Role.ADMISSIONS_OFFICER, site)
    StageTarget.objects.create(site=site, stage="screening", days=10)
    StageTarget.objects.create(site=None, stage="committee_ready", days=5)
    with time_machine.travel(at(0), tick=False):
        quick, slow, late = (scene.application(site, name=name) for name in ("Un", "Deux", "Trois"))
        spam = scene.application(site, name="Pourriel")
        elsewhere = scene.application(other, name="Ailleurs")
    with time_machine.travel(at(1), tick=False):
        mark_spam(application=spam, acting_user=officer)
    with time_machine.travel(at(2), tick=False):
        scene.asked(slow, ["project"])
    with time_machine.travel(at(7), tick=False):
        close_request(application=slow, reason="answered by phone", acting_user=officer)
    for file, day, outcome in ((quick, 10, Outcome.ADMIT), (slow, 20, Outcome.WAITLIST)):
        with time_machine.travel(at(day), tick=False):
            scene.decided(file, outcome)
            publish(application=file, acting_user=officer)
    with time_machine.travel(at(31, hour=23), tick=False):
        scene.decided(late, Outcome.WAITLIST)
        publish(application=late, acting_user=officer)
    network, on = Network(), DAY + dt.timedelta(days=40)
    assert [row.more["net_days"] for row in network.rows("time_to_decision", on, site.code)] == [
        Decimal(10),
        Decimal(15),
        Decimal(32),  # 23 h UTC of the 31st day is the next day in Casablanca
    ]
    net, gross = (
        network.figure(name, on, site.code)
        for name in ("time_to_decision", "time_to_decision_gross")
    )
    assert told(net) == (15, {"count": 3, "mean_days": 19, "p90_days": 32})
    assert told(gross) == (20, {"count": 3, "mean_days": 21, "p90_days": 32})
    within = network.figure("decided_within_target", on, site.code)
    assert [within.numerator, within.denominator] == [2, 3]
    waits = network.figure("open_applications", on)
    assert told(waits) == (1, {"late": 1, "median_age_days": 40, "oldest_days": 40})
    assert [row.more["application_id"] for row in network.rows("open_applications", on)] == [
        elsewhere.reference
    ]
    listed = network.figure("waiting_list", on, site.code)
    assert [listed.value, listed.beside["longest_wait_days"]] == [2, 20]
    on_ninth = network.figure("open_applications", DAY + dt.timedelta(days=9), site.code)
    assert on_ninth.value == 3
    funnel = network.profile("funnel", on, site.code)
    assert dict(zip(funnel.keys, funnel.values["applications"].tolist(), strict=True)) == {
        "received": 3,
        "screened": 3,
        "reviewed": 3,
        "at_committee": 3,
        "decided": 3,
        "offered": 0,
        "accepted": 0,
        "tenant": 0,
    }
