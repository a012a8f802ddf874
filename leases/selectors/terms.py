"""The terms of a lease: as the tables hold them now, or as they were known on a day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from core.periods import end_of
from leases.choices import ChargeKind
from leases.models import Charge, Discount, Lease, LeaseVersion, Letting, RentStep
from leases.selectors.rows import LeaseRow
from leases.terms import (
    ChargeTerms,
    DiscountTerms,
    LeaseTerms,
    LettingTerms,
    Rhythm,
    from_json,
)
from sites.choices import RateUnit, VatSubject
from sites.models import Space
from sites.rates import Step


def terms_of(lease: Lease) -> LeaseTerms:
    """The terms as the tables hold them now, in four queries."""
    return terms_of_many([lease])[lease.pk]


def terms_of_many(leases: Sequence[Lease | LeaseRow]) -> dict[int, LeaseTerms]:
    """By lease; however many they are, in four queries. Plain columns: a rent run asks for
    thousands, and model instances would be most of its work."""
    ids = [lease.pk for lease in leases]
    rents, charges = _charges(ids)
    lettings = _lettings(ids, rents, charges)
    return {
        lease.pk: LeaseTerms(
            company_id=lease.company_id,
            tenant_kind=lease.tenant_kind,
            period=lease.period,
            deposit_due=lease.deposit_due,
            lettings=tuple(lettings.get(lease.pk, ())),
            charges=tuple(charges.get((lease.pk, None), ())),
            tacit_months=lease.tacit_months,
        )
        for lease in leases
    }


def version_known_on(lease: Lease, day: dt.date) -> LeaseVersion | None:
    """The last version that was written by the end of the day; None: nothing was signed yet."""
    known = LeaseVersion.objects.filter(lease=lease, known_from__lt=end_of(day))
    return known.order_by("-version").first()


def terms_known_on(lease: Lease, day: dt.date) -> LeaseTerms | None:
    """The terms as they were known at the end of the day; None: nothing was signed yet."""
    version = version_known_on(lease, day)
    return from_json(version.terms) if version is not None else None


def rent_rhythm(space: Space | None) -> Rhythm:
    """How rent is billed unless the lease says otherwise: monthly, in advance, with the VAT of the
    space's kind."""
    return Rhythm(vat_subject=space.kind if space is not None else VatSubject.SERVICE)


def priced(letting: Letting) -> LettingTerms:
    """A letting with what its rent follows from, of its prefetched steps and discounts; nothing is
    said of its space's code and of its charges."""
    steps = sorted(letting.steps.all(), key=lambda step: step.period.start)
    discounts = sorted(letting.discounts.all(), key=lambda each: each.period.start)
    return LettingTerms(
        id=letting.pk,
        space_id=letting.space_id,
        space=None,
        tenant_kind=letting.tenant_kind,
        area_m2=letting.area_m2,
        period=letting.period,
        unit=steps[0].unit if steps else RateUnit.PER_M2,
        list_rate=letting.list_rate,
        steps=tuple(Step(step.period, step.rate) for step in steps),
        discounts=tuple(
            DiscountTerms(each.period, each.unit, each.value, each.reason) for each in discounts
        ),
    )


_Rent = tuple[int, int | None, Rhythm]
"""The charge of a letting's rent: its id, what it continues, its rhythm."""
_Charges = Mapping[tuple[int, int | None], Sequence[ChargeTerms]]
"""Those beside rent, by lease and letting; None: of the lease itself."""


def _charges(lease_ids: Sequence[int]) -> tuple[Mapping[int, _Rent], _Charges]:
    rents: dict[int, _Rent] = {}
    beside: dict[tuple[int, int | None], list[ChargeTerms]] = defaultdict(list)
    columns = (
        "lease_id", "letting_id", "pk", "continues_id", "kind", "label", "period", "unit", "rate",
        "months", "in_advance", "vat_subject",
    )  # fmt: skip
    rows = Charge.objects.filter(lease__among=lease_ids).order_by("id").values_list(*columns)
    for lease_id, letting_id, pk, continues, kind, label, period, unit, rate, *rhythm in rows:
        if kind == ChargeKind.RENT:
            rents[letting_id] = pk, continues, Rhythm(*rhythm)
        else:
            beside[lease_id, letting_id].append(
                ChargeTerms(pk, kind, label, period, unit, rate, Rhythm(*rhythm), continues)
            )
    return rents, beside


def _lettings(
    lease_ids: Sequence[int], rents: Mapping[int, _Rent], charges: _Charges
) -> Mapping[int, Sequence[LettingTerms]]:
    rows = list(
        Letting.objects.filter(lease__among=lease_ids)
        .order_by("id")
        .values_list(
            "pk", "lease_id", "space_id", "space__code", "area_m2", "period", "tenant_kind",
            "list_rate",
        )
    )  # fmt: skip
    letting_ids = [row[0] for row in rows]
    steps, discounts = _steps(letting_ids), _discounts(letting_ids)
    found: dict[int, list[LettingTerms]] = defaultdict(list)
    for pk, lease_id, space_id, space, area_m2, period, tenant_kind, list_rate in rows:
        charge_id, continues, rhythm = rents.get(pk, (None, None, Rhythm()))
        of_letting = steps.get(pk, ())
        found[lease_id].append(
            LettingTerms(
                id=pk,
                charge_id=charge_id,
                continues=continues,
                space_id=space_id,
                space=space,
                area_m2=area_m2,
                period=period,
                unit=of_letting[0][0] if of_letting else RateUnit.PER_M2,
                tenant_kind=tenant_kind,
                rhythm=rhythm,
                list_rate=list_rate,
                steps=tuple(step for _unit, step in of_letting),
                discounts=tuple(discounts.get(pk, ())),
                charges=tuple(charges.get((lease_id, pk), ())),
            )
        )
    return found


def _steps(letting_ids: Sequence[int]) -> Mapping[int, Sequence[tuple[str, Step]]]:
    """By letting, each with its unit."""
    found: dict[int, list[tuple[str, Step]]] = defaultdict(list)
    rows = RentStep.objects.filter(letting__among=letting_ids).order_by("period")
    for letting_id, period, unit, rate in rows.values_list("letting_id", "period", "unit", "rate"):
        found[letting_id].append((unit, Step(period, rate)))
    return found


def _discounts(letting_ids: Sequence[int]) -> Mapping[int, Sequence[DiscountTerms]]:
    """By letting."""
    found: dict[int, list[DiscountTerms]] = defaultdict(list)
    rows = Discount.objects.filter(letting__among=letting_ids).order_by("period")
    for letting_id, *discount in rows.values_list(
        "letting_id", "period", "unit", "value", "reason"
    ):
        found[letting_id].append(DiscountTerms(*discount))
    return found
