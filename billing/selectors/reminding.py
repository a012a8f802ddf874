"""How far reminding has come with each company at each site: the rows of « To remind »."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import F, Max, Sum, Value
from django.db.models.functions import Coalesce

from accounts.rights import Action
from billing.choices import InvoiceKind
from billing.dunning import Owed, Pause, Step, Verdict, judge
from billing.models import (
    Doubtful,
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
Overdue = tuple[int, dt.date, Decimal]
"""An invoice's id, its due day and what is open of it, DH."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What is free of what a company paid to a lessor or was credited, DH: `seen`: at the sites of
    which the user may know it; `elsewhere`: there is more."""

    seen: Decimal = ZERO
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A company that owes something overdue at a site. `owed`: all of it, the oldest first;
    `verdict`: of what is not paused; `step`: of the letter that is due; `oldest`: the number of the
    invoice that is overdue longest, "" where all is paused; `doubtful`: nobody counts on something
    of it being paid."""

    site: Site
    company: Company
    owed: Sequence[Owed]
    verdict: Verdict
    step: DunningStep | None
    last: DunningLetter | None
    oldest: str
    credit: Credit
    doubtful: bool

    @property
    def key(self) -> str:
        return f"{self.site.pk}-{self.company.pk}"

    @property
    def total(self) -> Decimal:
        return sum((one.open for one in self.owed), ZERO)

    @property
    def wants_a_look(self) -> bool:
        """Whether a person looks at it before a letter leaves."""
        return bool(self.credit.seen) or self.credit.elsewhere or self.doubtful


def standings(
    user: Any,
    *,
    on: dt.date,
    site_ids: Collection[int] | None = None,
    company_id: int | None = None,
) -> list[Standing]:
    """At the sites whose reminders the user may see (None: all), those to be written to first, then
    by amount. Ten queries, whatever there is."""
    overdue, numbers = _overdue(user, on, site_ids, company_id)
    if not overdue:
        return []
    sites = Site.objects.select_related("lessor").in_bulk({at for at, _who in overdue})
    companies = Company.objects.in_bulk({who for _at, who in overdue})
    reached = _reached(numbers)
    doubtful = set(Doubtful.objects.standing().values_list("invoice", flat=True))
    steps = _steps(sites.keys())
    pauses = _pauses(sites.keys(), companies.keys(), on)
    last = _last(sites.keys(), companies.keys())
    credit = _credit(user, companies.keys())
    found = []
    for place, invoices in overdue.items():
        site, company = sites[place[0]], companies[place[1]]
        letter = last.get(place)
        owed = [Owed(pk, due_on, left, reached.get(pk, 0)) for pk, due_on, left in invoices]
        owed.sort(key=lambda one: (one.due_on, one.id))
        verdict = judge(
            owed,
            steps=[Step(step.level, step.days) for step in steps[site.pk]],
            pauses=pauses[place],
            answer_by=letter.pay_by if letter is not None else None,
            on=on,
        )
        found.append(
            Standing(
                site,
                company,
                owed,
                verdict,
                step=next((s for s in steps[site.pk] if s.level == verdict.level), None),
                last=letter,
                oldest=numbers[verdict.lines[0].owed.id] if verdict.lines else "",
                credit=credit[site.lessor_id, company.pk],
                doubtful=not doubtful.isdisjoint(line.owed.id for line in verdict.lines),
            )
        )
    found.sort(key=lambda one: (-(one.verdict.level or 0), -one.total, one.key))
    return found


def _overdue(
    user: Any, on: dt.date, site_ids: Collection[int] | None, company_id: int | None
) -> tuple[Mapping[Place, Sequence[Overdue]], Mapping[int, str]]:
    """And the numbers of all these invoices. What a former lessor of a site issued is its own to
    pursue: a letter bears the name and the bank of the present one."""
    late = Invoice.objects.filter(kind=InvoiceKind.INVOICE, due_on__lt=on, lessor=F("site__lessor"))
    if user is not None:
        late = late.within(scope_of(user, Action.VIEW, "dunning"))
    if site_ids is not None:
        late = late.filter(site__in=site_ids)
    if company_id is not None:
        late = late.filter(company=company_id)
    overdue: dict[Place, list[Overdue]] = defaultdict(list)
    numbers: dict[int, str] = {}
    columns = ("site", "company", "pk", "number", "due_on", "open")
    # One join instead of a question for each invoice: nearly all are settled.
    settled = Coalesce(Sum("allocations__amount"), Value(ZERO, output_field=MoneyField()))
    rows = late.annotate(open=F("total") - settled).filter(open__gt=0).values_list(*columns)
    for at, who, pk, number, due_on, left in rows:
        overdue[at, who].append((pk, due_on, left))
        numbers[pk] = number
    return overdue, numbers


def _reached(invoice_ids: Iterable[int]) -> Mapping[int, int]:
    rows = DunningLetterLine.objects.filter(invoice__in=list(invoice_ids), step__isnull=False)
    return dict(rows.order_by().values_list("invoice").annotate(Max("step")))


def _steps(site_ids: Collection[int]) -> Mapping[int, list[DunningStep]]:
    found = defaultdict(list)
    for step in DunningStep.objects.filter(site__in=site_ids):
        found[step.site_id].append(step)
    return found


def _pauses(
    site_ids: Collection[int], company_ids: Collection[int], on: dt.date
) -> Mapping[Place, list[Pause]]:
    found = defaultdict(list)
    rows = DunningPause.objects.filter(site__in=site_ids, company__in=company_ids)
    for pause in rows.in_force(on):
        found[pause.site_id, pause.company_id].append(Pause(pause.invoice_id, pause.period))
    return found


def _last(site_ids: Collection[int], company_ids: Collection[int]) -> Mapping[Place, DunningLetter]:
    rows = DunningLetter.objects.filter(site__in=site_ids, company__in=company_ids)
    latest = rows.order_by("site_id", "company_id", "-id").distinct("site_id", "company_id")
    return {(letter.site_id, letter.company_id): letter for letter in latest}


def _credit(user: Any, company_ids: Collection[int]) -> Mapping[tuple[int, int], Credit]:
    """By lessor and company."""
    scope = None if user is None else scope_of(user, Action.VIEW, "payment")
    payments = Payment.objects.filter(company__in=company_ids)
    notes = Invoice.objects.filter(kind=InvoiceKind.CREDIT_NOTE, company__in=company_ids)
    found: dict[tuple[int, int], Credit] = defaultdict(Credit)
    for sources in (with_free(payments), notes_with_free(notes)):
        rows = sources.filter(free__gt=0).values_list("lessor", "company", "site", "free")
        for *account, at, free in rows:
            known = found[tuple(account)]
            found[tuple(account)] = (
                replace(known, seen=known.seen + free)
                if scope is None or scope.covers(at)
                else replace(known, elsewhere=True)
            )
    return found
