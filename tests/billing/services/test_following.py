"""Two records of one company become one, with all that was billed to either."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.choices import PauseKind, PaymentMethod, WithholdingKind
from billing.models import (
    Account,
    DunningLetter,
    DunningPause,
    Invoice,
    Payment,
    WithholdingRule,
)
from billing.selectors.open_items import open_of
from billing.services.allocating import Share, allocate
from billing.services.payments import record_payment
from billing.services.sales import SaleLine, issue_sale
from core.periods import Period, today
from tenants.models import Company
from tenants.services.merging import merge_companies
from tests.factories import bills, scene

pytestmark = pytest.mark.django_db

JANUARY, MARCH, MAY = (dt.date(2026, month, 1) for month in (1, 3, 5))


def billed(company: Company, site: object) -> Invoice:
    lines = [SaleLine("Salle", Decimal(100))]
    return issue_sale(site=site, company=company, lines=lines, acting_user=None)  # type: ignore[arg-type]


def withholds(company: Company, kind: WithholdingKind, period: Period, rate: int) -> None:
    WithholdingRule.objects.create(company=company, kind=kind, period=period, rate=rate)


def test_invoices_money_letters_pauses_and_rules_follow_the_kept_record() -> None:
    site = bills.site(starts_on=JANUARY)
    keep, duplicate = scene.company("Argan Démo"), scene.company("Argan Demo SARL")
    billed(keep, site)
    theirs = billed(duplicate, site)
    payment = record_payment(
        site=site,
        company=duplicate,
        method=PaymentMethod.TRANSFER,
        received_on=today(),
        amount=Decimal(50),
        shares=(),
        acting_user=None,
    )
    letter = DunningLetter.objects.create(
        number="L1",
        site=site,
        company=duplicate,
        level=1,
        on=today(),
        language="fr",
        total=120,
        file="x.pdf",
        pay_by=today(),
        sha256="0" * 64,
        made_at=timezone.now(),
    )
    pause = DunningPause.objects.create(
        site=site,
        company=duplicate,
        kind=PauseKind.PLAN,
        period=Period(today()),
        reason="Échéancier",
    )
    withholds(keep, WithholdingKind.RENT, Period(MARCH, MAY), 5)
    withholds(duplicate, WithholdingKind.RENT, Period(JANUARY), 10)
    withholds(duplicate, WithholdingKind.VAT, Period(JANUARY, MARCH), 75)
    for row in (theirs, payment, letter):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(company=keep)

    merge_companies(keep=keep, duplicate=duplicate, acting_user=None)

    for model in (Invoice, Payment, DunningLetter, DunningPause, Account, WithholdingRule):
        assert not model._default_manager.filter(company=duplicate).exists()
    pause.refresh_from_db()
    assert (Account.objects.get().company_id, pause.company_id) == (keep.pk, keep.pk)
    rules = WithholdingRule.objects.order_by("kind", "period")
    assert list(rules.values_list("kind", "period", "rate")) == [
        ("rent", Period(JANUARY, MARCH), Decimal(10)),
        ("rent", Period(MARCH, MAY), Decimal(5)),
        ("rent", Period(MAY), Decimal(10)),
        ("vat", Period(JANUARY, MARCH), Decimal(75)),
    ]
    theirs.refresh_from_db()
    assert theirs.client["name"] == "Argan Demo SARL"  # as it was when it was issued
    payment.refresh_from_db()
    allocate(source=payment, shares=[Share(theirs.pk, Decimal(50))], acting_user=None)
    assert open_of([theirs.pk]) == {theirs.pk: Decimal(70)}
