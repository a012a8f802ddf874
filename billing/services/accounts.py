"""The account of a company with a lessor: made when first needed, locked while money moves."""

from collections.abc import Collection

from billing.models import Account


def opened(lessor_id: int, company_ids: Collection[int]) -> None:
    """Make the accounts that are not there yet. One query where all are."""
    known = Account.objects.filter(lessor=lessor_id, company__in=company_ids)
    missing = set(company_ids).difference(known.values_list("company_id", flat=True))
    if missing:
        Account.objects.bulk_create(
            [Account(lessor_id=lessor_id, company_id=pk) for pk in sorted(missing)],
            ignore_conflicts=True,
        )


def locked(lessor_id: int, company_id: int) -> Account:
    """The account, held until the transaction ends: who shares money waits for who does."""
    (account,) = locked_many(lessor_id, [company_id])
    return account


def locked_many(lessor_id: int, company_ids: Collection[int]) -> list[Account]:
    """In the order of companies, so that two never wait for each other."""
    Account.objects.bulk_create(
        [Account(lessor_id=lessor_id, company_id=company_id) for company_id in company_ids],
        ignore_conflicts=True,
    )
    rows = Account.objects.filter(lessor=lessor_id, company__in=company_ids)
    return list(rows.select_for_update(no_key=True).order_by("company_id"))
