"""Several workers make papers at once: each paper and each letter is made by one of them."""

import datetime as dt
import threading
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet
from pytest_django import Settings

from billing.models import Invoice, InvoicePaper
from billing.papers.invoice import invoice_pdf
from billing.services import papers
from billing.services.sales import SaleLine, issue_sale
from core.models import Message
from tests.concurrency.crowd import at_once
from tests.factories import bills, scene


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def issued(count: int) -> None:
    site = bills.site(starts_on=dt.date(2026, 1, 1))
    for number in range(count):
        issue_sale(
            site=site,
            company=scene.company(email=f"c{number}@x.example"),
            lines=[SaleLine("Salle", Decimal(100))],
            acting_user=None,
        )


def stored(media: Path) -> int:
    return len([path for path in media.rglob("*") if path.is_file()])


@pytest.mark.django_db(transaction=True)
def test_workers_share_the_papers(media: Path) -> None:
    issued(12)
    with patch.object(papers, "CHUNK", 3):
        made = at_once(4, lambda _number: papers.make_due())
        papers.make_due()  # what another held while one looked
    assert sum(made) <= 12
    assert InvoicePaper.objects.filter(made_at__isnull=False, letters=1).count() == 12
    letters = Message.objects.all()
    assert len(set(letters.values_list("to", flat=True))) == letters.count() == 12
    assert stored(media) == 12


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_make_the_same_and_the_database_refuses_one(media: Path) -> None:
    issued(1)
    both = threading.Barrier(2, timeout=60)

    def together(invoice: Invoice) -> bytes:
        both.wait()
        return invoice_pdf(invoice)

    with (
        patch.object(papers, "invoice_pdf", together),
        patch.object(QuerySet, "select_for_update", lambda rows, **_options: rows),
        pytest.raises(DatabaseError, match="frozen"),
    ):
        at_once(2, lambda _number: papers.make_due())
    assert (Message.objects.count(), stored(media)) == (1, 1)
