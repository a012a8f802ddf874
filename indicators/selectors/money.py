"""What was billed and what is owed, as the engine reads it."""

from typing import Final

from billing.choices import InvoiceKind
from billing.selectors.ageing import owed as of_accounts
from indicators.selectors.columns import columns, ordinal
from indicators.tables import NOWHERE, TENANT_KINDS, Billed, Owed

_NO_INVOICE: Final = -1

# As the revenue of a month: what is of the old system was billed there. A charge stays with its
# letting, which keeps its kind of tenant for life; of one that went altogether the lease says.
_BILLED: Final = f"""
SELECT paper.id, paper.company_id, paper.site_id, {ordinal("paper.issued_on")},
       CASE paper.kind WHEN %s THEN -rent ELSE rent END, coalesce(space_id, {NOWHERE}),
       coalesce(array_position(%s::text[], coalesce(line.tenant_kind, lease.tenant_kind)::text), 0)
       - 1
  FROM (SELECT invoice_id, letting.space_id, letting.tenant_kind, sum(amount) * 100 AS rent
          FROM billing_invoiceline AS line
          LEFT JOIN leases_charge AS charge ON charge.id = line.charge_id
          LEFT JOIN leases_letting AS letting ON letting.id = charge.letting_id
         WHERE is_rent GROUP BY invoice_id, letting.space_id, letting.tenant_kind) AS line
  JOIN billing_invoice AS paper ON paper.id = line.invoice_id
  LEFT JOIN leases_lease AS lease ON lease.id = paper.lease_id
 WHERE paper.sequence IS NOT NULL
"""  # noqa: S608  our own words only


def billed() -> Billed:
    kinds = [str(kind) for kind in TENANT_KINDS]
    return Billed(*columns(_BILLED, [InvoiceKind.CREDIT_NOTE.value, kinds], count=7))


def owed() -> Owed:
    statement, params = of_accounts()
    return Owed(
        *columns(
            f"SELECT company_id, site_id, coalesce(invoice_id, {_NO_INVOICE}), part,"  # noqa: S608
            f" CASE WHEN due_on IS NULL THEN 0 ELSE {ordinal('due_on')} END,"
            f" {ordinal('since')}, {ordinal('until')}, amount * 100"
            f" FROM ({statement}) AS amount"
            " WHERE until IS NULL OR since < until",
            params,
            count=8,
        )
    )
