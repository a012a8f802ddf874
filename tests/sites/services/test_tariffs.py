"""A rate plan that changes tells from which day on its prices are others."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from accounts.choices import Role
from core.errors import NotAllowed
from core.periods import Period
from sites.models import RatePlan
from sites.services.tariffs import save_plan
from sites.signals import prices_changed
from tests.factories import doors, scene

pytestmark = pytest.mark.django_db

SINCE = dt.date(2001, 1, 1)
Told = list[tuple[list[str], Period]]


@pytest.fixture
def told() -> Iterator[Told]:
    heard: Told = []

    def hear(*, tenant_kinds: set[str], days: Period, **_kwargs: Any) -> None:
        heard.append((sorted(tenant_kinds), days))

    prices_changed.connect(hear)
    yield heard
    prices_changed.disconnect(hear)


def _page(plan: RatePlan, **given: Any) -> dict[str, Any]:
    step = plan.steps.get()
    return {
        "site": plan.site_id,
        "tenant_kind": plan.tenant_kind,
        "period_0": plan.period.start,
        "period_1": "",
        "unit": plan.unit,
        "deposit_months": "1",
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "1",
        "steps-0-id": step.pk,
        "steps-0-plan": plan.pk,
        "steps-0-after_months": "0",
        "steps-0-rate": step.rate,
        **given,
    }


def test_the_page_tells_the_first_day_with_another_price(told: Told) -> None:
    site = scene.site()
    plan = RatePlan.objects.get(site=site, tenant_kind="sme")
    client = doors.staff_client(Role.DIRECTOR)
    address = reverse("admin:sites_rateplan_change", args=[plan.pk])

    def saved(**given: Any) -> Told:
        told.clear()
        assert client.post(address, _page(plan, **given)).status_code == 302
        return told[:]

    assert saved() == []
    assert saved(**{"steps-0-rate": "110"}) == [(["sme"], Period(SINCE))]
    plan.refresh_from_db()
    ended = dt.date(2026, 12, 31)
    assert saved(period_1=ended) == [(["sme"], Period(dt.date(2027, 1, 1)))]
    plan.refresh_from_db()
    # The maximum stay is no price.
    assert saved(period_1=ended, maximum_stay_months="60") == []
    assert saved(period_1=dt.date(2026, 6, 30)) == [(["sme"], Period(dt.date(2026, 7, 1)))]
    assert saved(tenant_kind="large") == [(["large", "sme"], Period(SINCE))]


def test_a_new_plan_tells_of_its_days(told: Told) -> None:
    site = scene.site()
    plan = RatePlan(site=site, tenant_kind="support", period=Period(dt.date(2026, 1, 1)))
    save_plan(plan=plan, acting_user=None)
    assert told == [(["support"], Period(dt.date(2026, 1, 1)))]


def test_who_may_not_change_a_plan(told: Told) -> None:
    here, there = scene.site("CAS"), scene.site("RAB")
    plan = RatePlan.objects.get(site=there, tenant_kind="sme")
    with pytest.raises(NotAllowed):
        save_plan(plan=plan, acting_user=scene.staff(Role.FINANCE_OFFICER, here))
    assert told == []
