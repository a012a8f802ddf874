"""What an imported lease was signed on, as the rent engine reads it."""

from dataclasses import replace

from leases.selectors.terms import rent_rhythm
from leases.services.importing.reading import LeaseData, LettingData
from leases.terms import ChargeTerms, LeaseTerms, LettingTerms, Rhythm


def terms_of(lease: LeaseData) -> LeaseTerms:
    """What the lease was signed on: what its first version keeps."""
    return LeaseTerms(
        company_id=lease.company.pk,
        tenant_kind=lease.kind,
        period=lease.period,
        deposit_due=lease.deposit_due,
        lettings=tuple(
            LettingTerms(
                id=letting.id,
                charge_id=letting.charge_id,
                space_id=letting.space.pk if letting.space is not None else None,
                space=letting.space.code if letting.space is not None else None,
                tenant_kind=lease.kind,
                area_m2=letting.area_m2,
                period=letting.period,
                unit=letting.unit,
                list_rate=letting.list_rate,
                steps=tuple(letting.steps),
                rhythm=rhythm_of(letting),
                charges=tuple(
                    ChargeTerms(
                        id=charge.id,
                        kind=charge.kind,
                        label="",
                        period=charge.period,
                        unit=charge.unit,
                        rate=charge.rate,
                        rhythm=rhythm_of(letting),
                    )
                    for charge in letting.charges
                ),
            )
            for letting in lease.lettings
        ),
        tacit_months=lease.tacit_months,
    )


def rhythm_of(letting: LettingData) -> Rhythm:
    """How the rent is billed, and what is charged beside it."""
    return replace(rent_rhythm(letting.space), months=letting.months)
