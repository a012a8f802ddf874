"""Terms as clients read them: those of today, of a version, before and after an amendment."""

from collections.abc import Sequence
from decimal import Decimal

from leases.terms import ChargeTerms, LeaseTerms, LettingTerms, Rhythm
from sites.api.base import Row, days


def terms_row(terms: LeaseTerms) -> Row:
    """`end` is everywhere the last day included."""
    return {
        "company": terms.company_id,
        "tenant_kind": terms.tenant_kind,
        **days(terms.period),
        "deposit_due": round(terms.deposit_due, 2),
        "tacit_months": terms.tacit_months,
        "lettings": lettings_rows(terms),
        "charges": _charges(terms.charges),
    }


def lettings_rows(terms: LeaseTerms) -> list[Row]:
    return [_letting(letting) for letting in terms.lettings]


def lease_charges(terms: LeaseTerms) -> list[Row]:
    """Beside the rent, of the lease as a whole."""
    return _charges(terms.charges)


def _letting(letting: LettingTerms) -> Row:
    return {
        "id": letting.id,
        "charge": letting.charge_id,
        "space": letting.space,
        "tenant_kind": letting.tenant_kind,
        "area_m2": _rounded(letting.area_m2, 2),
        **days(letting.period),
        "list_rate": _rounded(letting.list_rate, 4),
        **_rhythm(letting.rhythm),
        "steps": [
            {**days(step.period), "unit": letting.unit, "rate": round(step.rate, 4)}
            for step in letting.steps
        ],
        "discounts": [
            {
                **days(each.period),
                "unit": each.unit,
                "value": round(each.value, 4),
                "reason": each.reason,
            }
            for each in letting.discounts
        ],
        "charges": _charges(letting.charges),
    }


def _charges(charges: Sequence[ChargeTerms]) -> list[Row]:
    return [
        {
            "id": charge.id,
            "kind": charge.kind,
            "label": charge.label,
            **days(charge.period),
            "unit": charge.unit,
            "rate": round(charge.rate, 4),
            **_rhythm(charge.rhythm),
        }
        for charge in charges
    ]


def _rhythm(rhythm: Rhythm) -> Row:
    return {
        "billing_months": rhythm.months,
        "in_advance": rhythm.in_advance,
        "vat_subject": rhythm.vat_subject,
    }


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    """With as many decimals as its column has, whatever it was written with."""
    return None if value is None else round(value, places)
