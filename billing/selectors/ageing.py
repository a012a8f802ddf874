"""What is owed as of any day, by how late it is: one statement over sets, whatever the day.

An invoice counts from its day of issue on, what settles it from the day that its allocation says;
so a past day shows what was known to be settled by then. Deposits and withheld amounts that await
their certificate stand beside and are never arrears.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from billing.ageing import BANDS, PARTS, Aged, due_days, together
from billing.choices import WITHHELD, ChequeState, InvoiceKind
from billing.models import Account, Invoice, Payment
from core.fields import MoneyField
from core.money import ZERO
from leases.choices import DepositAct
from leases.models import DepositEntry

_OWNER: Final = ("lessor_id", "site_id", "company_id")
_OWNER_OF_LEASE: Final = ("lease__site__lessor_id", "lease__site_id", "lease__company_id")
_ROWS: Final = ("invoices", "notes", "payments", "deposits")

# Sums are linear: what is open in a band is all that was billed there less all that settled it, so
# that nothing is added up invoice by invoice.
_STATEMENT: Final = """
WITH invoices (id, lessor_id, site_id, company_id, due_on, total) AS NOT MATERIALIZED ({invoices}),
     notes (id, lessor_id, site_id, company_id, total) AS NOT MATERIALIZED ({notes}),
     payments (id, lessor_id, site_id, company_id, method, amount, cheque_id)
         AS NOT MATERIALIZED ({payments}),
     bounced AS (SELECT payment_id FROM billing_chequestep
                  WHERE state = {bounced} AND "on" <= {on}),
     awaited AS (SELECT payments.* FROM payments WHERE method IN {withheld}
                    AND cheque_id NOT IN (SELECT payment_id FROM bounced)
                    AND NOT EXISTS (SELECT FROM billing_certificate AS c
                                     WHERE c.payment_id = payments.id AND c.received_on <= {on})),
     deposits (lessor_id, site_id, company_id, act, reverses_id, amount) AS ({deposits})
SELECT lessor_id, site_id, company_id, part, sum(amount)
  FROM (SELECT lessor_id, site_id, company_id, {band} AS part, total AS amount FROM invoices
        UNION ALL
        SELECT lessor_id, site_id, company_id, {band}, -a.amount
          FROM invoices JOIN billing_allocation AS a ON a.invoice_id = invoices.id
         WHERE a."on" <= {on}
        UNION ALL
        SELECT lessor_id, site_id, company_id, {credit}, total FROM notes
        UNION ALL
        SELECT lessor_id, site_id, company_id, {credit}, -a.amount
          FROM notes JOIN billing_allocation AS a ON a.credit_note_id = notes.id
         WHERE a."on" <= {on}
        UNION ALL
        SELECT lessor_id, site_id, company_id, {credit}, -r.amount
          FROM notes JOIN billing_refund AS r ON r.credit_note_id = notes.id
         WHERE r."on" <= {on}
        UNION ALL
        SELECT lessor_id, site_id, company_id, {credit}, amount FROM payments
        UNION ALL
        SELECT lessor_id, site_id, company_id, {credit}, -amount
          FROM payments JOIN bounced ON bounced.payment_id = payments.cheque_id
        UNION ALL
        SELECT lessor_id, site_id, company_id, {credit}, -a.amount
          FROM payments JOIN billing_allocation AS a ON a.payment_id = payments.id
         WHERE a."on" <= {on}
        UNION ALL
        SELECT lessor_id, site_id, company_id, {credit}, -r.amount
          FROM payments JOIN billing_refund AS r ON r.payment_id = payments.id
         WHERE r."on" <= {on}
        UNION ALL
        SELECT lessor_id, site_id, company_id, {awaiting}, amount FROM awaited
        UNION ALL
        SELECT lessor_id, site_id, company_id, {awaiting}, -r.amount
          FROM awaited JOIN billing_refund AS r ON r.payment_id = awaited.id
         WHERE r."on" <= {on}
        UNION ALL
        SELECT lessor_id, site_id, company_id, {deposit},
               CASE WHEN (act = {received}) = (reverses_id IS NULL) THEN amount ELSE -amount END
          FROM deposits) AS of_each
 GROUP BY lessor_id, site_id, company_id, part
HAVING sum(amount) <> 0
"""


@dataclass(frozen=True, slots=True)
class Of:
    """Whose: rows of the same company are apart by lessor and site."""

    lessor_id: int
    site_id: int
    company_id: int


def ageing(
    user: Any,
    on: dt.date,
    *,
    site_ids: Collection[int] | None = None,
    company_ids: Collection[int] | None = None,
    lessor_id: int | None = None,
) -> dict[Of, Aged]:
    """What the user may see of it, as of the end of a day; in one query, without what is nothing.

    By indicators: their arrears ageing is this, added up (`billing.ageing.together`).
    """
    found: dict[Of, dict[str, Decimal]] = defaultdict(dict)
    for lessor, site, company, part, amount in _sums(user, on, site_ids, company_ids, lessor_id):
        found[Of(lessor, site, company)][PARTS[part]] = amount
    return {of: Aged(**parts) for of, parts in found.items()}


def aged_account(user: Any, account: Account, on: dt.date) -> Aged:
    """What an account comes to, as far as the user may see it."""
    found = ageing(user, on, company_ids=[account.company_id], lessor_id=account.lessor_id)
    return together(found.values())


def aged_invoices(
    user: Any,
    on: dt.date,
    *,
    band: str = "",
    site_ids: Collection[int] | None = None,
    company_id: int | None = None,
) -> QuerySet[Any]:
    """The invoices behind a figure, the longest due first, each with what was `open` on the day."""
    rows = Invoice.objects.visible_to(user).filter(kind=InvoiceKind.INVOICE, issued_on__lte=on)
    if site_ids is not None:
        rows = rows.filter(site__in=site_ids)
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if band:
        first, last = due_days(band, on)
        rows = rows.filter(due_on__gte=first) if first is not None else rows
        rows = rows.filter(due_on__lte=last) if last is not None else rows
    # One join instead of a question for each invoice: most are settled, and none is kept apart.
    settled = Coalesce(
        Sum("allocations__amount", filter=Q(allocations__on__lte=on)),
        Value(ZERO, output_field=MoneyField()),
    )
    return rows.annotate(open=F("total") - settled).filter(open__gt=0).order_by("due_on", "number")


def _sums(
    user: Any,
    on: dt.date,
    site_ids: Collection[int] | None,
    company_ids: Collection[int] | None,
    lessor_id: int | None,
) -> Sequence[tuple[int, int, int, int, Decimal]]:
    def narrowed(rows: QuerySet[Any], to_site: str = "", company: str = "company") -> QuerySet[Any]:
        if site_ids is not None:
            rows = rows.filter(**{f"{to_site}site__in": site_ids})
        if company_ids is not None:
            rows = rows.filter(**{f"{company}__in": company_ids})
        if lessor_id is not None:
            of_site = f"{to_site}site__lessor" if to_site else "lessor"
            rows = rows.filter(**{of_site: lessor_id})
        return rows.order_by()

    paid = narrowed(Payment.objects.visible_to(user).filter(received_on__lte=on))
    issued = narrowed(Invoice.objects.visible_to(user).filter(issued_on__lte=on))
    held = narrowed(
        DepositEntry.objects.visible_to(user).filter(on__lte=on), "lease__", "lease__company"
    )
    parts = (
        issued.filter(kind=InvoiceKind.INVOICE).values_list("pk", *_OWNER, "due_on", "total"),
        issued.filter(kind=InvoiceKind.CREDIT_NOTE).values_list("pk", *_OWNER, "total"),
        # What was withheld with a cheque that bounced came no more than the cheque did.
        paid.values_list("pk", *_OWNER, "method", "amount", Coalesce("withheld_with_id", "pk")),
        held.values_list(*_OWNER_OF_LEASE, "act", "reverses_id", "amount"),
    )
    written = [_written(rows) for rows in parts]
    # The rows are Django's own SQL with its parameters; the rest is ours: days and words of codes.
    statement = _STATEMENT.format(
        **{name: sql for name, (sql, _params) in zip(_ROWS, written, strict=True)},
        **_words(on),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [param for _sql, params in written for param in params])
        rows: Sequence[tuple[int, int, int, int, Decimal]] = cursor.fetchall()
    return rows


def _words(on: dt.date) -> dict[str, str]:
    """What stands in the statement as it is."""
    edges = [(due_days(band, on)[0], PARTS.index(band)) for band in BANDS]
    whens = " ".join(f"WHEN due_on >= {_day(first)} THEN {part}" for first, part in edges if first)
    oldest = next(part for first, part in edges if first is None)
    return {
        "band": f"CASE {whens} ELSE {oldest} END",
        "credit": str(PARTS.index("credit")),
        "awaiting": str(PARTS.index("awaiting")),
        "deposit": str(PARTS.index("deposit")),
        "on": _day(on),
        "bounced": f"'{ChequeState.BOUNCED.value}'",
        "received": f"'{DepositAct.RECEIVED.value}'",
        "withheld": "({})".format(", ".join(f"'{method.value}'" for method in sorted(WITHHELD))),
    }


def _day(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"


def _written(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """Its SQL, also where Django sees that there can be no row and would ask nothing: of no
    company, or for whoever may see none."""
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False)
    sql, params = compiler.as_sql()
    return sql, tuple(params)
