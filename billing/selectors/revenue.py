"""Revenue by site and month: billed, collected, deferred; and what the leases promise."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from billing.choices import WITHHELD, ChequeState, InvoiceKind, PaymentMethod
from billing.forecasting import Due, due_by_month
from billing.models import Invoice, Payment, Refund, SiteBilling
from billing.selectors.due import as_billed
from core.money import ZERO
from core.periods import ONE_DAY, add_months, first_of_month, today
from leases.choices import LeaseState
from leases.models import Lease
from leases.selectors.statements import vat_table
from leases.selectors.terms import terms_of_many
from leases.terms import LeaseTerms

AHEAD: Final = 36
"""Months of the forecast."""
CHUNK: Final = 500
YEAR: Final = 12

SiteMonth = tuple[int, dt.date]
"""A site's id and the first day of a month."""


@dataclass(frozen=True, slots=True)
class Revenue:
    """Of a site and a month, DH. `net` and `vat`: invoices less credit notes issued in it.
    `collected`: money that came in less what bounced and what was given back, with tax; `withheld`
    beside it. `deferred`: of what was billed by the month's end, without tax, what is for days
    after it."""

    net: Decimal = ZERO
    vat: Decimal = ZERO
    collected: Decimal = ZERO
    withheld: Decimal = ZERO
    deferred: Decimal = ZERO


_PARTS: Final = ("net", "vat", "collected", "withheld", "deferred")

# The months of a line's days count as in `leases.proration`: each by its own days. With `m` months
# counted from the year 0 and the days of the first and the last one brought to one denominator,
# what lies after a month's end is a ratio of whole numbers, rounded once a line.
_STATEMENT: Final = """
WITH papers (id, site_id, kind, issued_on, net, vat) AS NOT MATERIALIZED ({papers}),
     payments (id, site_id, method, received_on, amount, cheque_id)
         AS NOT MATERIALIZED ({payments}),
     refunds (site_id, method, "on", amount) AS ({refunds})
SELECT site_id, month, part, sum(amount)
  FROM (SELECT site_id, date_trunc('month', issued_on)::date AS month, part,
               CASE kind WHEN {credit} THEN -amount ELSE amount END AS amount
          FROM papers CROSS JOIN LATERAL (VALUES (0, net), (1, vat)) AS of (part, amount)
         WHERE issued_on >= {first}
        UNION ALL
        SELECT site_id, date_trunc('month', received_on)::date,
               CASE WHEN method IN {withheld} THEN 3 ELSE 2 END, amount
          FROM payments WHERE received_on >= {first}
        UNION ALL
        SELECT site_id, date_trunc('month', s."on")::date,
               CASE WHEN method IN {withheld} THEN 3 ELSE 2 END, -amount
          FROM payments JOIN billing_chequestep AS s ON s.payment_id = payments.cheque_id
         WHERE s.state = {bounced} AND s."on" >= {first} AND s."on" < {after}
        UNION ALL
        SELECT site_id, date_trunc('month', "on")::date,
               CASE WHEN method IN {withheld} THEN 3 ELSE 2 END, -amount
          FROM refunds
        UNION ALL
        SELECT site_id, (d - interval '1 month')::date, 4,
               CASE kind WHEN {credit} THEN -1 ELSE 1 END * CASE
                   WHEN d <= begins THEN amount
                   ELSE round(amount * ((m_end - m) * of_end * of_begin + d_end * of_begin)
                              / ((m_end - m_begin) * of_end * of_begin
                                 + d_end * of_begin - d_begin * of_end), 2) END
          FROM (SELECT papers.site_id, papers.kind, papers.issued_on, l.amount,
                       lower(l.period) AS begins, upper(l.period) AS ends
                  FROM papers JOIN billing_invoiceline AS l ON l.invoice_id = papers.id
                 WHERE upper(l.period) > {second}) AS line
         CROSS JOIN LATERAL (
               SELECT (extract(year FROM begins) * 12 + extract(month FROM begins)) AS m_begin,
                      extract(day FROM begins) - 1 AS d_begin,
                      extract(day FROM date_trunc('month', begins) + interval '1 month - 1 day')
                          AS of_begin,
                      (extract(year FROM ends) * 12 + extract(month FROM ends)) AS m_end,
                      extract(day FROM ends) - 1 AS d_end,
                      extract(day FROM date_trunc('month', ends) + interval '1 month - 1 day')
                          AS of_end) AS counted
         CROSS JOIN LATERAL (
               SELECT d::date AS d, extract(year FROM d) * 12 + extract(month FROM d) AS m
                 FROM generate_series(
                      date_trunc('month', greatest(issued_on, {first})) + interval '1 month',
                      least({after}, ends - 1), interval '1 month') AS d) AS following
       ) AS of_each
 GROUP BY site_id, month, part
"""


def revenue(
    user: Any,
    *,
    first: dt.date,
    last: dt.date,
    site_ids: Collection[int] | None = None,
) -> dict[SiteMonth, Revenue]:
    """Of the months from `first`'s to `last`'s, as far as the user sees their sites; in one query.

    Open invoices and balances brought along from an old system were billed and paid there.
    """
    begins, ends = first_of_month(first), add_months(first_of_month(last), 1)

    def of_sites(rows: QuerySet[Any], site: str = "site") -> QuerySet[Any]:
        seen = rows if site_ids is None else rows.filter(**{f"{site}__in": site_ids})
        return seen.order_by()

    ours = Invoice.objects.visible_to(user).filter(sequence__isnull=False, issued_on__lt=ends)
    paid = Payment.objects.visible_to(user).filter(received_on__lt=ends)
    back = Refund.objects.visible_to(user).filter(on__gte=begins, on__lt=ends)
    parts = {
        "papers": of_sites(ours).values_list("pk", "site_id", "kind", "issued_on", "net", "vat"),
        "payments": of_sites(paid.exclude(method=PaymentMethod.BALANCE)).values_list(
            "pk", "site_id", "method", "received_on", "amount", Coalesce("withheld_with_id", "pk")
        ),
        # Credit of the old system that is given back is money that goes out here all the same; what
        # is taken away as entered by mistake is none.
        "refunds": of_sites(
            back.exclude(method=PaymentMethod.BALANCE).annotate(
                at=Coalesce("payment__site_id", "credit_note__site_id")
            ),
            "at",
        ).values_list("at", "method", "on", "amount"),
    }
    written = {name: rows.query.sql_with_params() for name, rows in parts.items()}
    words = {
        "first": _day(begins),
        "second": _day(add_months(begins, 1)),
        "after": _day(ends),
        "credit": f"'{InvoiceKind.CREDIT_NOTE.value}'",
        "bounced": f"'{ChequeState.BOUNCED.value}'",
        "withheld": "({})".format(", ".join(f"'{method.value}'" for method in sorted(WITHHELD))),
    }
    # The rows are Django's own SQL with its parameters; the rest is ours: days and words of codes.
    statement = _STATEMENT.format(
        **{name: sql for name, (sql, _params) in written.items()}, **words
    )
    found: dict[SiteMonth, dict[str, Decimal]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(statement, [one for _sql, params in written.values() for one in params])
        for site, month, part, amount in cursor.fetchall():
            found[site, month][_PARTS[part]] = amount
    return {of: Revenue(**told) for of, told in sorted(found.items())}


def forecast(
    user: Any, *, months: int = AHEAD, site_ids: Collection[int] | None = None
) -> dict[SiteMonth, Due]:
    """What leases make due in the month it is now and the following ones, billed or not; the rest
    of the page's rule is `billing.forecasting`'s.

    By the terms as they stand: signed and handed over, never drafts; up to their end, and on at the
    last rate only where the tenant holds over today, as runs bill it. In so many queries for each
    500 leases.
    """
    first = first_of_month(today())
    leases = Lease.objects.visible_to(user).filter(
        Q(state__in=[LeaseState.SIGNED, LeaseState.ACTIVE])
        # What the last of a tenant who left owes in arrears.
        | Q(state=LeaseState.ENDED, exit_on__gte=add_months(first, -YEAR))
    )
    if site_ids is not None:
        leases = leases.filter(site__in=site_ids)
    starts = dict(SiteBilling.objects.values_list("site", "starts_on"))
    vat = cache(vat_table)
    through = add_months(first, months) - ONE_DAY
    found: dict[SiteMonth, Due] = defaultdict(Due)
    rows = leases.select_related("site").order_by("pk")
    for lease, terms in _with_terms(rows):
        billed = as_billed(lease, terms, through)
        if billed is None:
            continue
        due = due_by_month(
            billed,
            since=starts.get(lease.site_id, dt.date.min),
            first=first,
            months=months,
            vat=vat(lease.site.lessor_id),
        )
        for month, worth in due.items():
            found[lease.site_id, month] += worth
    return dict(sorted(found.items()))


def _with_terms(rows: QuerySet[Lease]) -> Iterator[tuple[Lease, LeaseTerms]]:
    reached = 0
    while chunk := list(rows.filter(pk__gt=reached)[:CHUNK]):
        terms = terms_of_many(chunk)
        yield from ((lease, terms[lease.pk]) for lease in chunk)
        reached = chunk[-1].pk


def _day(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"
