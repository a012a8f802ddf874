"""The terms of a lease: as the tables hold them now, or as they were known on a day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from core.periods import end_of
from leases.choices import ChargeKind
from leases.models import Charge, Lease, LeaseVersion, Letting
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


def terms_of_many(leases: Sequence[Lease]) -> dict[int, LeaseTerms]:
    """By lease; however many they are, in four queries."""
    lettings = defaultdict[int, list[Letting]](list)
    for letting in (
        Letting.objects.filter(lease__in=leases)
        .select_related("space")
        .prefetch_related("steps", "discounts")
        .order_by("id")
    ):
        lettings[letting.lease_id].append(letting)
    charges = defaultdict[tuple[int, int | None], list[Charge]](list)
    for charge in Charge.objects.filter(lease__in=leases).order_by("id"):
        charges[charge.lease_id, charge.letting_id].append(charge)
    return {
        lease.pk: LeaseTerms(
            company_id=lease.company_id,
            tenant_kind=lease.tenant_kind,
            period=lease.period,
            deposit_due=lease.deposit_due,
            lettings=tuple(
                _letting(letting, charges[lease.pk, letting.pk]) for letting in lettings[lease.pk]
            ),
            charges=tuple(_charge(charge) for charge in charges[lease.pk, None]),
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


def _letting(letting: Letting, charges: Sequence[Charge]) -> LettingTerms:
    rent = next((charge for charge in charges if charge.kind == ChargeKind.RENT), None)
    return replace(
        priced(letting),
        charge_id=rent.pk if rent is not None else None,
        continues=rent.continues_id if rent is not None else None,
        space=letting.space.code if letting.space else None,
        rhythm=_rhythm(rent) if rent is not None else Rhythm(),
        charges=tuple(_charge(charge) for charge in charges if charge is not rent),
    )


def _charge(charge: Charge) -> ChargeTerms:
    assert charge.period is not None  # but for rent
    assert charge.rate is not None
    return ChargeTerms(
        id=charge.pk,
        continues=charge.continues_id,
        kind=charge.kind,
        label=charge.label,
        period=charge.period,
        unit=charge.unit,
        rate=charge.rate,
        rhythm=_rhythm(charge),
    )


def _rhythm(charge: Charge) -> Rhythm:
    return Rhythm(charge.months, charge.in_advance, charge.vat_subject)
