"""What holds of money whatever people do: asked after the random walk, and after each refusal."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.choices import InvoiceKind
from billing.models import Allocation, Invoice, InvoiceLine, Payment, Refund
from billing.selectors.open_items import notes_with_free, with_free, with_open
from tests.billing.oracle import NONE, Accounts, Key


def all_is_as_counted(books: Accounts) -> None:
    """What is open of each invoice, free of each source, and owed by each company."""
    bills = with_open(Invoice.objects.filter(kind=InvoiceKind.INVOICE))
    opened = dict(bills.values_list("pk", "open"))
    assert opened == {pk: books.open_of(pk) for pk in books.bills}
    free: dict[Key, Decimal] = {
        ("payment", pk): each
        for pk, each in with_free(Payment.objects.all()).values_list("pk", "free")
    }
    notes = notes_with_free(Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE))
    free |= {("note", pk): each for pk, each in notes.values_list("pk", "free")}
    assert free == {key: books.free_of(key) for key in books.sources}
    assert min([NONE, *opened.values(), *free.values()]) == 0
    for company, balance in ledger().items():
        assert balance == books.balance_of(company)


def ledger() -> dict[int, Decimal]:
    """By company, invoices less credits, paid and withheld, plus what was given back: of the rows
    alone, whatever they settle."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT company_id, sum(amount) FROM (
                SELECT company_id, CASE kind WHEN 'credit' THEN -total ELSE total END AS amount
                  FROM billing_invoice
                UNION ALL
                SELECT company_id, -amount FROM billing_payment AS p
                 WHERE NOT EXISTS (SELECT FROM billing_chequestep AS s
                                    WHERE s.payment_id IN (p.id, p.withheld_with_id)
                                      AND s.state = 'bounced')
                UNION ALL
                SELECT coalesce(p.company_id, n.company_id), r.amount FROM billing_refund AS r
                  LEFT JOIN billing_payment AS p ON p.id = r.payment_id
                  LEFT JOIN billing_invoice AS n ON n.id = r.credit_note_id
            ) AS entries GROUP BY company_id""")
        return dict(cursor.fetchall())


def documents_add_up() -> None:
    sums: dict[int, list[Decimal]] = {}
    for pk, net, vat in InvoiceLine.objects.values_list("invoice", "amount", "vat"):
        was = sums.setdefault(pk, [NONE, NONE])
        sums[pk] = [was[0] + net, was[1] + vat]
    for pk, net, vat, total in Invoice.objects.values_list("pk", "net", "vat", "total"):
        assert (sums[pk], net + vat) == ([net, vat], total)


def no_day_says_more_than_there_is() -> None:
    """As of the end of any day nothing is settled by more than it is, and nothing gives more than
    it has."""
    rows: list[tuple[dt.date, Any, Decimal]] = []
    for pk, payment, note, amount, on in Allocation.objects.values_list(
        "invoice", "payment", "credit_note", "amount", "on"
    ):
        rows += [(on, ("bill", pk), amount), (on, ("source", payment, note), amount)]
    for payment, note, amount, on in Refund.objects.values_list(
        "payment", "credit_note", "amount", "on"
    ):
        rows.append((on, ("source", payment, note), amount))
    whole: dict[Any, Decimal] = {
        ("source", pk, None): amount for pk, amount in Payment.objects.values_list("pk", "amount")
    }
    for pk, total in Invoice.objects.values_list("pk", "total"):
        whole["bill", pk] = whole["source", None, pk] = total
    days = sorted({on for on, *_rest in rows})
    for day in days:
        sums: Counter[Any] = Counter()
        for on, key, amount in rows:
            if on <= day:
                sums[key] += amount  # type: ignore[assignment]
        assert all(0 <= amount <= whole[key] for key, amount in sums.items()), day
    if days:
        least = with_open(Invoice.objects.filter(kind="invoice"), on=days[0])
        assert all(row.open == row.total - row.settled >= 0 for row in least)
