"""A month is closed while a payment of that month is being entered."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from billing.choices import PaymentMethod, VatBasis, VatRhythm
from billing.errors.books import BadRegime
from billing.models import MonthClosing, Payment, VatRegime
from billing.selectors.closings import first_open_day
from billing.services.closing import check_open, close_month
from billing.services.vat import declare_vat, set_regime
from core.periods import Period, add_months, first_of_month, today
from sites.models import Lessor, Site
from tenants.models import Company
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db(transaction=True)


def _last_month() -> dt.date:
    return add_months(first_of_month(today()), -1)


def _close(lessor: Lessor) -> MonthClosing:
    try:
        return close_month(lessor=lessor, month=_last_month(), acting_user=None, anyway=True)
    finally:
        connection.close()


def _pay(site: Site, company: Company) -> Payment:
    return Payment.objects.create(
        number="P1", lessor=site.lessor, site=site, company=company, method=PaymentMethod.CARD,
        received_on=_last_month(), amount=1, made_at=timezone.now(),
    )  # fmt: skip


def test_closing_waits_for_who_has_looked_whether_the_month_is_open() -> None:
    site, company = bills.site(starts_on=_last_month()), scene.company()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        check_open(site.lessor, _last_month())
        closing = pool.submit(_close, site.lessor)
        with pytest.raises(TimeoutError):
            closing.result(timeout=0.5)
        _pay(site, company)
    assert closing.result().month == _last_month()
    assert Payment.objects.count() == 1


def test_a_regime_waits_for_who_declares_by_the_old_one() -> None:
    lessor = bills.site(starts_on=_last_month()).lessor
    close_month(lessor=lessor, month=_last_month(), acting_user=None)

    def change() -> VatRegime:
        try:
            return set_regime(
                lessor=lessor, period=Period(_last_month()), basis=VatBasis.ISSUE,
                rhythm=VatRhythm.MONTH, acting_user=None,
            )  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            kept = declare_vat(lessor=lessor, day=_last_month(), acting_user=None)
            changing = pool.submit(change)
            with pytest.raises(TimeoutError):
                changing.result(timeout=0.5)
        with pytest.raises(BadRegime):
            changing.result()
    assert (kept.basis, VatRegime.objects.count()) == (VatBasis.COLLECTION, 0)


def test_control_who_only_reads_meets_the_trigger() -> None:
    site, company = bills.site(starts_on=_last_month()), scene.company()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert first_open_day(site.lessor_id) is None
        pool.submit(_close, site.lessor).result(timeout=60)
        with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
            _pay(site, company)
    assert not Payment.objects.exists()
