"""The good rows of a plan of companies, written in bulk."""

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import User
from core.imports import Outcome, Plan, Progress, chunks
from core.periods import today
from tenants.models import Company, FormerIdentity, Presence, Sector, Technology
from tenants.services.importing.planning import CompanyData

_UPDATED_AT_ONCE = 200  # one CASE per field and row: longer statements cost more than they save


def write_companies(plan: Plan, *, acting_user: User | None, progress: Progress) -> None:
    """Inside the caller's transaction, which records who wrote."""
    unchanged = sum(row.outcome == Outcome.UNCHANGED for row in plan.rows)
    progress(unchanged)
    created = [row.data for row in plan.rows if row.outcome == Outcome.CREATE]
    updated = [row.data for row in plan.rows if row.outcome == Outcome.UPDATE]
    _save_words([*created, *updated])
    for some in chunks(created):
        Company.objects.bulk_create(data.company for data in some)
        _relate(some)
        progress(len(some))
    for some in chunks(updated):
        _update(some)
        _relate(some)
        progress(len(some))


def _save_words(rows: Iterable[CompanyData]) -> None:
    """Sectors and technologies that no good row needs are not made."""
    new: dict[Any, dict[str, Any]] = {Sector: {}, Technology: {}}
    for data in rows:
        for word in (*(data.sectors or ()), *(data.technologies or ())):
            if word.pk is None:
                new[type(word)][word.code] = word
    for model, needed in new.items():
        model.objects.bulk_create(needed.values())


def _update(rows: Sequence[CompanyData]) -> None:
    FormerIdentity.objects.bulk_create(data.former for data in rows if data.former is not None)
    fields = sorted(set().union(*(data.fields for data in rows)))
    if fields:
        companies = [data.company for data in rows if data.fields]
        Company.objects.bulk_update(companies, fields, batch_size=_UPDATED_AT_ONCE)


def _relate(rows: Sequence[CompanyData]) -> None:
    Presence.objects.bulk_create(
        Presence(company=data.company, site=site, since=today())
        for data in rows
        for site in data.sites
    )
    for column, model, word_id in (
        ("sectors", Company.sectors.through, "sector_id"),
        ("technologies", Company.technologies.through, "technology_id"),
    ):
        given = [data for data in rows if getattr(data, column) is not None]
        links: Any = model
        links.objects.filter(company__in=[data.company for data in given]).delete()
        links.objects.bulk_create(
            links(company_id=data.company.pk, **{word_id: word.pk})
            for data in given
            for word in getattr(data, column)
        )
