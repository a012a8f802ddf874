"""How far reminding has come with each company at each site: the rows of « To remind »."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce

from accounts.rights import Action
from billing.choices import InvoiceKind
from billing.dunning import Owed, Pause, Step, Verdict, judge
from billing.models import (
    ChequeStep,
    DunningLetter,
    DunningLetterLine,
    DunningPause,
    DunningStep,
    Invoice,
    Payment,
)
from billing.selectors.open_items import notes_with_free, with_free
from core.fields import MoneyField
from core.money import ZERO
from sites.models import Site
from sites.scopes import scope_of
from tenants.models import Company

Place = tuple[int, int]
"""The ids of a site and of a company."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A company that owes something overdue at a site; `credit`: what is free of what it paid to
    the lessor or was credited, DH."""

    site: Site
    company: Company
    verdict: Verdict
    last: DunningLetter | None
    credit: Decimal
    by_itself: bool
    oldest: str
    """The number of the invoice that is overdue longest; "" where all is paused."""

    @property
    def key(self) -> str:
        return f"{self.site.pk}-{self.company.pk}"


def standings(
    user: Any,
    *,
    on: dt.date,
    site_ids: Collection[int] | None = None,
    company_id: int | None = None,
) -> list[Standing]:
    """At the sites whose reminders the user may see (None: all), those to be written to first, then
    by amount. Nine queries, whatever there is."""
    late = Invoice.objects.filter(kind=InvoiceKind.INVOICE, due_on__lt=on)
    if user is not None:
        late = late.within(scope_of(user, Action.VIEW, "dunning"))
    if site_ids is not None:
        late = late.filter(site__in=site_ids)
    if company_id is not None:
        late = late.filter(company=company_id)
    overdue: dict[Place, list[tuple[int, dt.date, Decimal]]] = defaultdict(list)
    names: dict[int, str] = {}
    columns = ("site", "company", "pk", "number", "due_on", "open")
    # One join instead of a question for each invoice: nearly all are settled.
    settled = Coalesce(Sum("allocations__amount"), Value(ZERO, output_field=MoneyField()))
    rows = late.annotate(open=F("total") - settled).filter(open__gt=0).values_list(*columns)
    for at, who, pk, number, due_on, left in rows:
        overdue[at, who].append((pk, due_on, left))
        names[pk] = number
    if not overdue:
        return []
    sites = Site.objects.select_related("lessor").in_bulk({at for at, _who in overdue})
    companies = Company.objects.in_bulk({who for _at, who in overdue})
    reached = _reached(pk for found in overdue.values() for pk, _due, _open in found)
    steps = _steps(sites.keys())
    pauses = _pauses(companies.keys(), on)
    last = _last(sites.keys(), companies.keys())
    credit = _credit(companies.keys())
    found = []
    for place, invoices in overdue.items():
        site, company = sites[place[0]], companies[place[1]]
        account = (site.lessor_id, company.pk)
        letter = last.get(place)
        verdict = judge(
            [Owed(pk, due_on, left, reached.get(pk, 0)) for pk, due_on, left in invoices],
            steps=[Step(step.level, step.days) for step in steps[site.pk]],
            pauses=pauses[account],
            last_letter_on=letter.on if letter is not None else None,
            on=on,
        )
        by_itself = any(s.by_itself and s.level == verdict.level for s in steps[site.pk])
        oldest = names[verdict.lines[0].owed.id] if verdict.lines else ""
        found.append(Standing(site, company, verdict, letter, credit[account], by_itself, oldest))
    found.sort(key=lambda one: (-(one.verdict.level or 0), -one.verdict.total, one.key))
    return found


def _reached(invoice_ids: Iterable[int]) -> Mapping[int, int]:
    rows = DunningLetterLine.objects.filter(invoice__in=list(invoice_ids), step__isnull=False)
    return dict(rows.order_by().values_list("invoice").annotate(Max("step")))


def _steps(site_ids: Collection[int]) -> Mapping[int, list[DunningStep]]:
    found = defaultdict(list)
    for step in DunningStep.objects.filter(site__in=site_ids):
        found[step.site_id].append(step)
    return found


def _pauses(company_ids: Collection[int], on: dt.date) -> Mapping[Place, list[Pause]]:
    """By lessor and company."""
    found = defaultdict(list)
    rows = DunningPause.objects.filter(account__company__in=company_ids).in_force(on)
    for pause in rows.select_related("account"):
        account = (pause.account.lessor_id, pause.account.company_id)
        found[account].append(Pause(pause.invoice_id, pause.period))
    return found


def _last(site_ids: Collection[int], company_ids: Collection[int]) -> Mapping[Place, DunningLetter]:
    rows = DunningLetter.objects.filter(site__in=site_ids, company__in=company_ids)
    latest = rows.order_by("site_id", "company_id", "-id").distinct("site_id", "company_id")
    return {(letter.site_id, letter.company_id): letter for letter in latest}


def _credit(company_ids: Collection[int]) -> Mapping[Place, Decimal]:
    """By lessor and company."""
    bounced = ChequeStep.objects.bounced().filter(payment=OuterRef("pk"))
    payments = Payment.objects.filter(~Q(Exists(bounced)), company__in=company_ids)
    notes = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE, company__in=company_ids)
    found: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for sources in (with_free(payments), notes_with_free(notes)):
        rows = sources.filter(free__gt=0).values_list("lessor", "company", "free")
        for lessor_id, company_id, free in rows:
            found[lessor_id, company_id] += free
    return found
