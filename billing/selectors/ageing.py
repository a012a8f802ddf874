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

from billing.ageing import BANDS, OWED, PARTS, Aged, due_days, together
from billing.choices import WITHHELD, ChequeState, InvoiceKind
from billing.models import Account, Invoice, Payment
from core.fields import MoneyField
from core.money import ZERO
from leases.choices import DepositAct
from leases.models import DepositEntry

_OWNER: Final = ("lessor_id", "site_id", "company_id")
_OWNER_OF_LEASE: Final = ("lease__site__lessor_id", "lease__site_id", "lease__company_id")
_ROWS: Final = ("invoices", "notes", "payments", "deposits")

# Each amount of an account with the days on which it counts. Sums are linear: what is open in a
# band is all that was billed there less all that settled it, so that nothing is added up invoice
# by invoice. NOT MATERIALIZED: what one process has set aside no other reads, and all of the union
# would be that one's.
_READ: Final = """
WITH invoices (id, lessor_id, site_id, company_id, issued_on, due_on, total)
         AS NOT MATERIALIZED ({invoices}),
     notes (id, lessor_id, site_id, company_id, issued_on, total) AS NOT MATERIALIZED ({notes}),
     payments (id, lessor_id, site_id, company_id, method, received_on, amount, cheque_id)
         AS NOT MATERIALIZED ({payments}),
     bounced AS NOT MATERIALIZED
         (SELECT payment_id, "on" FROM billing_chequestep WHERE state = {bounced}),
     awaited AS NOT MATERIALIZED
         (SELECT p.*, least(c.received_on, b."on") AS until
            FROM payments AS p
            LEFT JOIN billing_certificate AS c ON c.payment_id = p.id
            LEFT JOIN bounced AS b ON b.payment_id = p.cheque_id
           WHERE p.method IN {withheld}),
     deposits (lessor_id, site_id, company_id, act, reverses_id, "on", amount)
         AS NOT MATERIALIZED ({deposits})
"""
_EACH: Final = """
        SELECT lessor_id, site_id, company_id, id AS invoice_id, {invoice} AS part, due_on,
               issued_on AS since, NULL::date AS until, total AS amount
          FROM invoices
        UNION ALL
        SELECT lessor_id, site_id, company_id, i.id, {invoice}, due_on,
               greatest(a."on", issued_on), NULL, -a.amount
          FROM invoices AS i JOIN billing_allocation AS a ON a.invoice_id = i.id
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {credit}, NULL, issued_on, NULL, total
          FROM notes
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {credit}, NULL,
               greatest(a."on", issued_on), NULL, -a.amount
          FROM notes JOIN billing_allocation AS a ON a.credit_note_id = notes.id
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {credit}, NULL,
               greatest(r."on", issued_on), NULL, -r.amount
          FROM notes JOIN billing_refund AS r ON r.credit_note_id = notes.id
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {credit}, NULL, received_on, NULL, amount
          FROM payments
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {credit}, NULL,
               greatest(b."on", received_on), NULL, -amount
          FROM payments JOIN bounced AS b ON b.payment_id = payments.cheque_id
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {credit}, NULL,
               greatest(a."on", received_on), NULL, -a.amount
          FROM payments JOIN billing_allocation AS a ON a.payment_id = payments.id
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {credit}, NULL,
               greatest(r."on", received_on), NULL, -r.amount
          FROM payments JOIN billing_refund AS r ON r.payment_id = payments.id
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {awaiting}, NULL, received_on, until, amount
          FROM awaited
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {awaiting}, NULL,
               greatest(r."on", received_on), until, -r.amount
          FROM awaited JOIN billing_refund AS r ON r.payment_id = awaited.id
        UNION ALL
        SELECT lessor_id, site_id, company_id, NULL, {deposit}, NULL, "on", NULL,
               CASE WHEN (act = {received}) = (reverses_id IS NULL) THEN amount ELSE -amount END
          FROM deposits
"""
_ON_A_DAY: Final = """
SELECT lessor_id, site_id, company_id, {band}, sum(amount)
  FROM ({each}) AS each
 WHERE since <= {on} AND (until IS NULL OR until > {on})
 GROUP BY 1, 2, 3, 4
HAVING sum(amount) <> 0
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows of which anything is told."""

    invoices: QuerySet[Invoice]
    payments: QuerySet[Payment]
    deposits: QuerySet[DepositEntry]


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
    """What the user may see of it, as of the end of a day; in one query; without what is nothing:
    the parts that add up to it are those that indicators read (`owed`)."""
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
    lessor_id: int | None = None,
) -> QuerySet[Any]:
    """The invoices behind a figure, the longest due first, each with what was `open` on the day."""
    rows = Invoice.objects.visible_to(user).filter(kind=InvoiceKind.INVOICE, issued_on__lte=on)
    if site_ids is not None:
        rows = rows.filter(site__in=site_ids)
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if lessor_id is not None:
        rows = rows.filter(lessor=lessor_id)
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


def owed() -> tuple[str, tuple[Any, ...]]:
    """The statement of every amount of every account, and its parameters: company, site, invoice
    (NULL: of none), its place in `billing.ageing.OWED`, the invoice's due day, the first day on
    which it counts and the one on which it does no more (NULL: it always will), DH.

    For figures of the whole system as of any day: whoever shows them checks the rights on them.
    """
    everything = Seen(Invoice.objects.all(), Payment.objects.all(), DepositEntry.objects.all())
    read, params = _read(everything)
    columns = "company_id, site_id, invoice_id, part, due_on, since, until, amount"
    return f"{read} SELECT {columns} FROM ({_EACH.format(**_words())}) AS each", params  # noqa: S608


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
        return rows

    entered = DepositEntry.objects.visible_to(user).filter(on__lte=on)
    read, params = _read(
        Seen(
            narrowed(Invoice.objects.visible_to(user).filter(issued_on__lte=on)),
            narrowed(Payment.objects.visible_to(user).filter(received_on__lte=on)),
            narrowed(entered, "lease__", "lease__company"),
        )
    )
    statement = _ON_A_DAY.format(each=_EACH.format(**_words()), band=_band(on), on=_day(on))
    with connection.cursor() as cursor:
        cursor.execute(read + statement, params)
        rows: Sequence[tuple[int, int, int, int, Decimal]] = cursor.fetchall()
    return rows


def _read(seen: Seen) -> tuple[str, tuple[Any, ...]]:
    """The rows are Django's own SQL with its parameters; the rest is ours: words of codes."""
    invoices = seen.invoices.order_by()
    parts = (
        invoices.filter(kind=InvoiceKind.INVOICE).values_list(
            "pk", *_OWNER, "issued_on", "due_on", "total"
        ),
        invoices.filter(kind=InvoiceKind.CREDIT_NOTE).values_list(
            "pk", *_OWNER, "issued_on", "total"
        ),
        # What was withheld with a cheque that bounced came no more than the cheque did.
        seen.payments.order_by().values_list(
            "pk", *_OWNER, "method", "received_on", "amount", Coalesce("withheld_with_id", "pk")
        ),
        seen.deposits.order_by().values_list(
            *_OWNER_OF_LEASE, "act", "reverses_id", "on", "amount"
        ),
    )
    written = [_written(rows) for rows in parts]
    sql = {name: sql for name, (sql, _params) in zip(_ROWS, written, strict=True)}
    read = _READ.format(**sql, **_words())
    return read, tuple(param for _sql, params in written for param in params)


def _band(on: dt.date) -> str:
    """Where an amount stands in `PARTS` on the day, as SQL."""
    edges = [(due_days(band, on)[0], PARTS.index(band)) for band in BANDS]
    whens = " ".join(f"WHEN due_on >= {_day(first)} THEN {part}" for first, part in edges if first)
    oldest = next(part for first, part in edges if first is None)
    beside = len(BANDS) - 1  # the parts that are no band follow the bands, in one order
    return f"CASE WHEN part > 0 THEN {beside} + part {whens} ELSE {oldest} END"


def _words() -> dict[str, str]:
    """What stands in the statement as it is."""
    return {
        **{part: str(place) for place, part in enumerate(OWED)},
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
