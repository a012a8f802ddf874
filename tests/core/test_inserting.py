"""Rows written as one JSON document are what Django would have written."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from billing.choices import ItemState
from billing.models import RunItem
from core.inserting import insert
from core.models import Counter
from core.periods import Period
from sites.models import VatRule
from tests.factories import bills, scene, tenancies

pytestmark = pytest.mark.django_db
WORDS = "l’été d’Ahmed, « 100 % » \\ \"so\" 'so'\t%s\nمرحبا"


def columns(row: Any) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def test_every_kind_of_value_is_written_as_django_writes_it() -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    one, other = (tenancies.drafted(site, scene.office(site, code=code)) for code in ("A", "B"))
    run = bills.computed(site, dt.date(2026, 1, 1))
    told: dict[str, Any] = {
        "run_id": run.pk,
        "state": ItemState.FAILED,
        "proposal": {"words": WORDS, "none": None, "list": [1, {"of": True}]},
        "digest": "",
        "net": Decimal("-1234567890.10"),
        "vat": Decimal(0),
        "was": Decimal("1E+2"),
        "changes": ["new", "step"],
        "anomalies": [],
        "note": WORDS,
    }
    (key,) = insert(RunItem, [{**told, "lease_id": one.pk}])
    RunItem.objects.create(**told, lease_id=other.pk)
    ours, djangos = RunItem.objects.get(pk=key), RunItem.objects.get(lease=other)
    assert columns(ours) == {**columns(djangos), "lease_id": one.pk}
    again = [{**told, "lease_id": one.pk}]
    assert insert(RunItem, again, ignore_conflicts=True) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(RunItem, again)


def test_periods_defaults_and_keys_in_their_order() -> None:
    lessor = scene.site().lessor
    periods = [Period(dt.date(2031, 1, 1), dt.date(2032, 1, 1)), Period(dt.date(2032, 1, 1))]
    keys = insert(
        VatRule,
        [
            {"lessor_id": lessor.pk, "subject": "office", "period": period, "rate": Decimal(20)}
            for period in periods
        ],
    )
    found = [VatRule.objects.get(pk=key) for key in keys]
    assert [(rule.period, rule.exemption_ground) for rule in found] == [
        (period, "") for period in periods
    ]
    assert insert(Counter, []) == []


def test_a_value_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        insert(Counter, [{"scope": "x", "series": "y", "year": 2026, "last": 1j}])
