"""The series of a lessor: one for invoices, one for credit notes, each from 1 every year; others
for what is no fiscal document."""

import datetime as dt
from typing import Final

from django.db import connection
from django.db.models import Max

from billing.choices import InvoiceKind
from billing.models import Invoice
from core import numbering
from core.periods import today
from sites.models import Lessor

PAYMENT: Final = "payment"
REFUND: Final = "refund"
RECEIPT: Final = "receipt"
REMINDER: Final = "reminder"
_LOCK: Final = 7107  # pg advisory lock: the fiscal series of a lessor
LETTERS: Final = {
    InvoiceKind.INVOICE: "F",  # facture
    InvoiceKind.CREDIT_NOTE: "A",  # avoir
    PAYMENT: "P",  # paiement
    REFUND: "B",  # remboursement
    RECEIPT: "Q",  # quittance
    REMINDER: "L",  # lettre de relance
}


def fiscal_day(lessor: Lessor) -> dt.date:
    """Today, and never before the last document of the lessor: numbers and days run together. Those
    of the old system are of no series.

    From here on the lessor's series are held until the transaction ends: whoever issues at midnight
    waits, then reads the day.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, lessor.pk])
    ours = Invoice.objects.filter(lessor=lessor, sequence__isnull=False)
    last = ours.aggregate(day=Max("issued_on"))["day"]
    return max(today(), last or today())


def take(lessor: Lessor, kind: InvoiceKind, day: dt.date, count: int) -> range:
    """So many numbers in a row. To be called last in the transaction, invoices before credit
    notes."""
    first = numbering.take(scope=lessor.code, series=kind, year=day.year, count=count)
    return range(first, first + count)


def written(lessor: Lessor, kind: str, year: int, sequence: int) -> str:
    """« MITC-F2026-000123 »."""
    return f"{lessor.code.upper()}-{LETTERS[kind]}{year}-{sequence:06}"


def next_number(lessor: Lessor, series: str) -> str:
    """The next of a series that is no fiscal one, in the year of today."""
    year = today().year
    return written(
        lessor, series, year, numbering.take(scope=lessor.code, series=series, year=year)
    )
