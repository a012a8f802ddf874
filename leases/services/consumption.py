"""What meters counted becomes charges of the lease, which the next run bills as all others."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from core import formats
from core.history import recorded
from core.money import rounded
from core.periods import ONE_DAY, Period
from leases.choices import ChargeKind, ChargeUnit, LeaseState, MeterKind, VersionAct
from leases.models import Charge, Consumption, Lease
from leases.selectors.terms import terms_of
from leases.services.locking import keep_version, locked
from leases.services.writing import write_terms
from leases.terms import ChargeTerms, Rhythm
from sites.permissions import require

METERED: Final = {LeaseState.SIGNED, LeaseState.ACTIVE, LeaseState.ENDED}
LONGEST_LABEL: Final = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter counted up to a day; `quantity` in its unit, `price` of one without tax, DH."""

    kind: MeterKind
    meter: str
    read_on: dt.date
    quantity: Decimal
    price: Decimal
    vat_subject: str
    unit: str = ""
    previous_on: dt.date | None = None
    previous: Decimal | None = None
    reading: Decimal | None = None
    replaced: bool = False

    @property
    def amount(self) -> Decimal:
        return rounded(Fraction(self.quantity) * Fraction(self.price))


def charge_consumption(
    *, lease: Lease, readings: Sequence[Reading], acting_user: User | None
) -> list[Consumption]:
    """One charge for each, due on the day of the reading. That no day of a meter is asked for twice
    is the caller's to check, and the table's to hold. Raises WrongLeaseState, BadTerms (read before
    the lease began), NotAllowed."""
    with recorded(acting_user, reason=VersionAct.METERED):
        row = locked(lease, states=METERED)
        require(acting_user, Action.ADD, "meter", row.site_id)
        terms = terms_of(row)
        known = [charge.id for charge in terms.charges if charge.id is not None]
        asked = [_charge(reading, row.company.language) for reading in readings]
        write_terms(row, replace(terms, charges=(*terms.charges, *asked)), acting_user=acting_user)
        keep_version(row, act=VersionAct.METERED, acting_user=acting_user)
        # In the order in which they were asked for.
        made = Charge.objects.filter(lease=row, letting=None).exclude(pk__in=known).order_by("pk")
        return Consumption.objects.bulk_create(
            _consumption(row, charge, reading, acting_user)
            for charge, reading in zip(made, readings, strict=True)
        )


def _charge(reading: Reading, language: str) -> ChargeTerms:
    return ChargeTerms(
        id=None,
        kind=ChargeKind.METER,
        label=label(reading, language)[:LONGEST_LABEL],
        period=Period(reading.read_on, reading.read_on + ONE_DAY),
        unit=ChargeUnit.ONCE,
        rate=reading.amount,
        rhythm=Rhythm(vat_subject=reading.vat_subject),
    )


def label(reading: Reading, language: str) -> str:
    """« Électricité, compteur 12345, 1 204 → 1 310 kWh à 1,45 MAD » (CGI art. 145: what, how much,
    the price of one)."""
    with translation.override(language):
        counted = f"{_number(reading.quantity, language)} {reading.unit}".strip()
        if reading.previous is not None and reading.reading is not None and not reading.replaced:
            counted = f"{_number(reading.previous, language)} → " + (
                f"{_number(reading.reading, language)} {reading.unit}".strip()
            )
        if language == "ar":
            counted = f"\u2066{counted}\u2069"
        return _("%(kind)s, meter %(meter)s, %(counted)s at %(price)s") % {
            "kind": capfirst(str(reading.kind.label)),
            "meter": reading.meter,
            "counted": counted,
            "price": formats.in_dirhams(_number(reading.price, language, least=2), language),
        }


def _number(value: Decimal, language: str, *, least: int = 0) -> str:
    places = max(-int(value.normalize().as_tuple().exponent), 0)
    return formats.number(value, language, decimals=max(places, least))


def _consumption(
    row: Lease, charge: Charge, reading: Reading, acting_user: User | None
) -> Consumption:
    return Consumption(
        lease=row,
        charge=charge,
        kind=reading.kind,
        meter=reading.meter,
        read_on=reading.read_on,
        previous_on=reading.previous_on,
        previous=reading.previous,
        reading=reading.reading,
        replaced=reading.replaced,
        quantity=reading.quantity,
        unit=reading.unit,
        price=reading.price,
        acting_user=acting_user,
    )
