"""The account of a company with a lessor: made when first needed, locked while money moves."""

from collections.abc import Collection

from django.db import connection
from django.db.models import QuerySet

from billing.models import Account
from core.errors import Stale


def opened(lessor_id: int, company_ids: Collection[int]) -> None:
    """Make the accounts that are not there yet, in the order of companies, so that two never wait
    for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO billing_account (lessor_id, company_id)
            SELECT %s, company FROM unnest(%s::bigint[]) AS company
             WHERE NOT EXISTS (SELECT FROM billing_account
                                WHERE lessor_id = %s AND company_id = company)
             ORDER BY company
                ON CONFLICT DO NOTHING
            """,
            [lessor_id, list(company_ids), lessor_id],
        )


def locked(lessor_id: int, company_id: int) -> Account:
    """The account, held until the transaction ends: who shares money waits for who does.

    Raises Stale, as `locked_many` does.
    """
    (account,) = locked_many(lessor_id, [company_id])
    return account


def locked_many(lessor_id: int, company_ids: Collection[int]) -> list[Account]:
    """In the order of companies, so that two never wait for each other.

    Raises Stale for a company that has meanwhile been merged into another: its account went along.
    """
    rows = held(lessor_id, company_ids).filter(company__merged_into__isnull=True)
    found = list(rows)
    if len(found) < len(set(company_ids)):
        raise Stale
    return found


def held(lessor_id: int, company_ids: Collection[int]) -> QuerySet[Account]:
    """The accounts, of pointers to other companies too, locked once they are read."""
    opened(lessor_id, company_ids)
    rows = Account.objects.filter(lessor=lessor_id, company__in=company_ids)
    return rows.select_for_update(of=("self",), no_key=True).order_by("company_id")
