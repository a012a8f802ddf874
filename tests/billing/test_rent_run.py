"""`manage.py rent_run`: a month's runs from the shell."""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from billing.services.issuing import start_issuing
from tests.factories import bills, scene, tenancies

pytestmark = pytest.mark.django_db


def ran(*words: str) -> Any:
    out = StringIO()
    call_command("rent_run", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


@time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False)
def test_a_month_is_shown_issued_and_issued_once() -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    tenancies.active(site, scene.office(site), start=dt.date(2026, 1, 1))
    (shown,) = ran("--month", "2026-01")
    assert (shown["state"], shown["net"], shown["documents"]) == ("draft", "2000.00", 0)
    (issued,) = ran("--month", "2026-01", "--site", "CAS", "--issue")
    assert (issued["state"], issued["net"], issued["documents"]) == ("issued", "2000.00", 1)
    (again,) = ran("--month", "2026-01", "--issue")
    assert (again["net"], again["documents"], again["failures"]) == ("0.00", 0, [])


@time_machine.travel(dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC), tick=False)
def test_one_that_was_killed_while_it_issued_is_finished() -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    tenancies.active(site, scene.office(site), start=dt.date(2026, 1, 1))
    start_issuing(run=bills.computed(site, dt.date(2026, 1, 1)), acting_user=None)
    (issued,) = ran("--month", "2026-01", "--issue")
    assert (issued["state"], issued["documents"]) == ("issued", 1)


@pytest.mark.parametrize(
    ("words", "told"), [(["--month", "2026-13"], "not a month"), (["--month", "2026-01"], "bills")]
)
def test_what_cannot_be_run_is_said(words: list[str], told: str) -> None:
    scene.site("CAS")
    with pytest.raises(CommandError, match=told):
        call_command("rent_run", *words)
