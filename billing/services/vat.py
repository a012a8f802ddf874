"""VAT of a lessor: how it is declared, and returns kept as they were."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from billing.choices import VatBasis, VatRhythm
from billing.errors.books import BadRegime, MonthsOpen, VatDeclared
from billing.models import VatRegime, VatReturn
from billing.permissions import require_lessor
from billing.selectors.closings import first_open_day
from billing.selectors.regimes import Regimes
from billing.selectors.vat import vat_rows
from billing.services.closing import lock_months
from billing.vat_returns import rows_as_json, taxed_as_json, totals
from core.history import recorded
from core.periods import Period
from sites.models import Lessor


def declare_vat(*, lessor: Lessor, day: dt.date, acting_user: User | None) -> VatReturn:
    """The return of the period that the day lies in, kept row by row as it is now.

    Its months are closed, so that what changes later falls into a later return. Raises MonthsOpen,
    VatDeclared, NotAllowed.
    """
    with recorded(acting_user):
        require_lessor(acting_user, Action.CHANGE, "books", lessor)
        lock_months(lessor.pk, shared=False)
        regimes = Regimes(lessor.pk)
        period = regimes.period(day)
        first = first_open_day(lessor.pk)
        if first is None or period.end is None or first < period.end:
            raise MonthsOpen
        if VatReturn.objects.filter(lessor=lessor, period__overlap=period).exists():
            raise VatDeclared
        rows = vat_rows(lessor.pk, period)
        return VatReturn.objects.create(
            lessor=lessor,
            period=period,
            basis=regimes.basis(period.start),
            rows=rows_as_json(rows),
            totals=taxed_as_json(totals(rows)),
            made_at=timezone.now(),
            acting_user=acting_user,
        )


def set_regime(
    *,
    lessor: Lessor,
    period: Period,
    basis: VatBasis,
    rhythm: VatRhythm,
    acting_user: User | None,
    regime: VatRegime | None = None,
) -> VatRegime:
    """How the lessor declares from a day on; `regime`: the row that is changed.

    By whole months, or quarters of the year; what is declared stays as it was declared. Raises
    BadRegime, NotAllowed.
    """
    with recorded(acting_user):
        require_lessor(acting_user, Action.CHANGE, "books", lessor)
        lock_months(lessor.pk, shared=False)  # who declares reads it meanwhile
        row = VatRegime(lessor=lessor)
        if regime is not None:
            row = VatRegime.objects.select_for_update().get(pk=regime.pk)
        step = 3 if rhythm == VatRhythm.QUARTER else 1
        for day in (period.start, period.end):
            if day is not None and (day.day != 1 or (day.month - 1) % step):
                raise BadRegime(reason=_("It begins and ends with a month, or with a quarter."))
        if _rewrites_declared(
            lessor, row if row.pk else None, VatRegime(period=period, basis=basis, rhythm=rhythm)
        ):
            raise BadRegime(reason=_("VAT of these days is declared already."))
        row.lessor, row.period, row.basis, row.rhythm = lessor, period, basis, rhythm
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise BadRegime(
                reason=_("Another regime says something about the same days.")
            ) from error
    return row


def _rewrites_declared(lessor: Lessor, before: VatRegime | None, after: VatRegime) -> bool:
    """Whether it would say something else about days of a return; to end one later is no matter."""
    declared = VatReturn.objects.filter(lessor=lessor)
    if before is None:
        return declared.filter(period__overlap=after.period).exists()
    if (before.basis, before.rhythm, before.period.start) == (
        after.basis, after.rhythm, after.period.start,
    ):  # fmt: skip
        ends = [end for end in (before.period.end, after.period.end) if end is not None]
        if before.period.end == after.period.end:
            return False
        return declared.filter(period__endswith__gt=min(ends)).exists()
    return any(
        declared.filter(period__overlap=days).exists() for days in (before.period, after.period)
    )
