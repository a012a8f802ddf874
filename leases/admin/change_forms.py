"""The forms by which a lease is amended: what is typed, and the terms that would come of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import formats
from core.forms import DayFormField, DecimalFormField, PeriodFormField
from core.periods import ONE_DAY, Period, today
from leases import changes
from leases.choices import (
    AmendmentKind,
    BillingTerm,
    ChargeKind,
    ChargeUnit,
    DiscountUnit,
    LeaseState,
)
from leases.errors import BadLeaseDate
from leases.models import Lease
from leases.selectors.amending import lasting_to, moved, with_category, with_space
from leases.selectors.terms import terms_of
from leases.terms import ChargeTerms, DiscountTerms, LeaseTerms, LettingTerms, Rhythm
from sites.admin.columns import language
from sites.admin.work import WorkForm
from sites.choices import HOSTED_KINDS, RateUnit, TenantKind, VatSubject
from sites.models import Space
from sites.rates import Step


class ChangeForm(WorkForm):
    """What changes of a lease: `terms` are those that stand, `after` those that are wanted."""

    kind: ClassVar[AmendmentKind]
    reason = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, *args: Any, lease: Lease, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lease, self.user = lease, user
        self.terms = terms_of(lease)
        self.order_fields([name for name in self.fields if name != "reason"])
        if "since" in self.fields:
            start = self.terms.period.start
            drafted = lease.state == LeaseState.DRAFT
            self.initial.setdefault("since", start if drafted else max(today(), start))
        if "letting" in self.fields:
            letting: Any = self.fields["letting"]
            letting.choices = [
                (str(number), letting_in_words(let))
                for number, let in enumerate(self.terms.lettings)
                if not let.period.is_past(today())
            ]

    def effective_on(self, given: Mapping[str, Any]) -> dt.date:
        """The first day that it changes."""
        day: dt.date = given["since"]
        return day

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        """Raises DomainError, ValidationError for what cannot be computed."""
        raise NotImplementedError

    def _still_let(self, position: int, day: dt.date, *, field: str = "since") -> LettingTerms:
        """The letting, unless it is over by the day."""
        let = self.terms.lettings[position]
        if let.period.is_past(day):
            raise BadLeaseDate(field=field, reason=gettext("The letting does not have this day."))
        return let

    def _not_over(self, day: dt.date, *, field: str = "since") -> None:
        if self.terms.period.is_past(day):
            reason = gettext("The term is over by then: renew the lease first.")
            raise BadLeaseDate(field=field, reason=reason)


def letting_in_words(let: LettingTerms) -> str:
    parts = [let.space or gettext("no space")]
    if let.area_m2 is not None:
        parts.append(formats.area(let.area_m2, language()))
    parts.append(formats.days(let.period.start, let.period.last_day, language()))
    return " · ".join(parts)


class LettingField(forms.TypedChoiceField):
    """One of the lease's lettings, by its position in the terms."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, label=_("letting"), **kwargs)


class SpaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        area = formats.area(obj.area_m2, language())
        return f"{obj.building.code}-{obj.code} · {obj.floor.code} · {area}"


class GiveUpForm(ChangeForm):
    kind = AmendmentKind.SPACE
    letting = LettingField()
    last_day = DayFormField(label=_("last day with this space"))

    def effective_on(self, given: Mapping[str, Any]) -> dt.date:
        day: dt.date = given["last_day"] + ONE_DAY
        return day

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        return changes.give_up(self.terms, given["letting"], self.effective_on(given))


class AddSpaceForm(ChangeForm):
    """The free spaces depend on the day, so they are those free from today to the term's end;
    signing has the last word."""

    kind = AmendmentKind.SPACE
    space = SpaceField(Space.objects.none(), label=_("space"))
    since = DayFormField(label=_("from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = max(today(), self.lease.period.start)
        end = self.lease.period.end
        period = Period(first, end if end is None or end > first else None)
        space: Any = self.fields["space"]
        space.queryset = (
            Space.objects.visible_to(self.user)
            .filter(site=self.lease.site_id)
            .free_throughout(period)
            .measured_on(first)
            .select_related("building", "floor")
            .order_by("building__code", "code")
        )

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        self._not_over(given["since"])
        return with_space(self.lease, self.terms, given["space"], given["since"])


class MoveForm(AddSpaceForm):
    """Another space instead of one: the old one is given up on the day before."""

    letting = LettingField()

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        self._not_over(given["since"])
        return moved(self.lease, self.terms, given["letting"], given["space"], given["since"])


class ResizeForm(ChangeForm):
    kind = AmendmentKind.SPACE
    letting = LettingField()
    area_m2 = DecimalFormField(label=_("area, m²"), decimal_places=2, max_digits=9, min_value=1)
    since = DayFormField(label=_("from"))

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        self._still_let(given["letting"], given["since"])
        return changes.resize(self.terms, given["letting"], given["since"], given["area_m2"])


class EndForm(ChangeForm):
    kind = AmendmentKind.END
    last_day = DayFormField(
        label=_("last day of the term"), required=False, help_text=_("Empty: without an end.")
    )

    def _end(self, given: Mapping[str, Any]) -> dt.date | None:
        return given["last_day"] + ONE_DAY if given["last_day"] else None

    def effective_on(self, given: Mapping[str, Any]) -> dt.date:
        """The earlier of the two ends: from there on something else holds."""
        ends = [end for end in (self._end(given), self.terms.period.end) if end is not None]
        return min(ends) if ends else self.terms.period.start

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        end = self._end(given)
        if end is not None and end <= self.terms.period.start:
            reason = gettext("The last day is before the lease starts.")
            raise BadLeaseDate(field="last_day", reason=reason)
        return lasting_to(self.lease, self.terms, end)


class RenewForm(EndForm):
    """From the old end on, at the last rates; a start-up comes to the next step of its plan."""

    kind = AmendmentKind.RENEWAL
    last_day = DayFormField(label=_("last day of the renewed term"))

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        if not self.terms.period.is_past(given["last_day"]):
            reason = gettext("The term runs to that day already: it is shortened by another end.")
            raise BadLeaseDate(field="last_day", reason=reason)
        return super().after(given)


class RepriceForm(ChangeForm):
    kind = AmendmentKind.RENT
    letting = LettingField()
    unit = forms.ChoiceField(label=_("unit"), choices=RateUnit.choices)
    rate = DecimalFormField(label=_("rate, DH"), decimal_places=4, max_digits=12, min_value=0)
    since = DayFormField(label=_("from"))

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        let = self._still_let(given["letting"], given["since"])
        rest = Period(max(given["since"], let.period.start), let.period.end)
        step = Step(rest, given["rate"])
        return changes.reprice(self.terms, given["letting"], rest.start, given["unit"], [step])


class CategoryForm(ChangeForm):
    kind = AmendmentKind.CATEGORY
    tenant_kind = forms.ChoiceField(
        label=_("kind of tenant"),
        choices=[(kind.value, TenantKind(kind).label) for kind in HOSTED_KINDS],
    )
    since = DayFormField(label=_("from"))

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        self._not_over(given["since"])
        return with_category(self.lease, self.terms, given["tenant_kind"], given["since"])


class AddChargeForm(ChangeForm):
    kind = AmendmentKind.CHARGES
    charge = forms.ChoiceField(
        label=_("charge"), choices=[(k, v) for k, v in ChargeKind.choices if k != ChargeKind.RENT]
    )
    label = forms.CharField(label=_("label"), max_length=120, required=False)
    letting = LettingField(required=False, help_text=_("Empty: of the lease as a whole."))
    unit = forms.ChoiceField(label=_("unit"), choices=ChargeUnit.choices)
    rate = DecimalFormField(label=_("rate, DH"), decimal_places=4, max_digits=12, min_value=0)
    period = PeriodFormField(
        label=_("period"), help_text=_("Without a last day: to the end of what it belongs to.")
    )
    months = forms.TypedChoiceField(label=_("billed"), coerce=int, choices=BillingTerm.choices)
    in_advance = forms.BooleanField(label=_("in advance"), required=False, initial=True)
    vat_subject = forms.ChoiceField(
        label=_("VAT as for"), choices=VatSubject.choices, initial=VatSubject.SERVICE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        letting: Any = self.fields["letting"]
        letting.choices = [("", _("the lease")), *letting.choices]

    def effective_on(self, given: Mapping[str, Any]) -> dt.date:
        day: dt.date = given["period"].start
        return day

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        period = given["period"]
        if given["unit"] == ChargeUnit.PER_M2 and given["letting"] is None:
            reason = gettext("A charge per m² belongs to a letting: choose it.")
            raise ValidationError({"letting": reason})
        if given["unit"] == ChargeUnit.ONCE:
            period = Period.through(period.start, period.start)
        elif period.end is None:
            period = Period(period.start, self._owner(given).period.end)
        charge = ChargeTerms(
            id=None,
            kind=given["charge"],
            label=given["label"],
            period=period,
            unit=given["unit"],
            rate=given["rate"],
            rhythm=Rhythm(given["months"], given["in_advance"], given["vat_subject"]),
        )
        return changes.add_charge(self.terms, given["letting"], charge)

    def _owner(self, given: Mapping[str, Any]) -> LettingTerms | LeaseTerms:
        """What the charge belongs to."""
        first = given["period"].start
        if given["letting"] is not None:
            return self._still_let(given["letting"], first, field="period")
        self._not_over(first, field="period")
        return self.terms


class EndChargeForm(ChangeForm):
    kind = AmendmentKind.CHARGES
    charge = forms.TypedChoiceField(label=_("charge"), coerce=int)
    last_day = DayFormField(label=_("last day it is due"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        charge: Any = self.fields["charge"]
        charge.choices = [
            (str(each.pk), f"{each} · {formats.money(each.rate, language())}")
            for each in self.lease.charges.exclude(kind=ChargeKind.RENT)
            if each.rate is not None
        ]

    def effective_on(self, given: Mapping[str, Any]) -> dt.date:
        day: dt.date = given["last_day"] + ONE_DAY
        return day

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        return changes.end_charge(self.terms, given["charge"], self.effective_on(given))


class DiscountForm(ChangeForm):
    kind = AmendmentKind.CHARGES
    letting = LettingField()
    unit = forms.ChoiceField(label=_("unit"), choices=DiscountUnit.choices)
    value = DecimalFormField(label=_("value, percent or DH"), decimal_places=4, max_digits=12)
    # It stands on the statement.
    reason = forms.CharField(label=_("reason"), max_length=200)
    period = PeriodFormField(label=_("period"))

    def effective_on(self, given: Mapping[str, Any]) -> dt.date:
        day: dt.date = given["period"].start
        return day

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        period = given["period"]
        let = self._still_let(given["letting"], period.start, field="period")
        days = Period(period.start, period.end or let.period.end)
        granted = DiscountTerms(days, given["unit"], given["value"], given["reason"])
        return changes.discount(self.terms, given["letting"], granted)


class DepositDueForm(ChangeForm):
    kind = AmendmentKind.CORRECTION
    deposit_due = DecimalFormField(
        label=_("deposit due, DH"), decimal_places=2, max_digits=14, min_value=0
    )

    def effective_on(self, _given: Mapping[str, Any]) -> dt.date:
        return max(today(), self.terms.period.start)

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        return changes.with_deposit(self.terms, given["deposit_due"])


class TacitForm(ChangeForm):
    kind = AmendmentKind.RENEWAL
    tacit_months = forms.IntegerField(
        label=_("tacit renewal, months"),
        min_value=1,
        max_value=1200,
        required=False,
        help_text=_("Empty: the term does not go on by itself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("tacit_months", self.terms.tacit_months)

    def effective_on(self, _given: Mapping[str, Any]) -> dt.date:
        return max(today(), self.terms.period.start)

    def after(self, given: Mapping[str, Any]) -> LeaseTerms:
        return changes.with_tacit_renewal(self.terms, given["tacit_months"])


CHANGES: Final[Mapping[str, tuple[str | Promise, type[ChangeForm]]]] = {
    "space": (_("Let another space"), AddSpaceForm),
    "move": (_("Move to another space"), MoveForm),
    "give-up": (_("Give a space back"), GiveUpForm),
    "resize": (_("More or fewer m² of a space"), ResizeForm),
    "renew": (_("Renew"), RenewForm),
    "end": (_("Another end"), EndForm),
    "tacit": (_("Tacit renewal"), TacitForm),
    "rent": (_("Another rent"), RepriceForm),
    "category": (_("Another kind of tenant"), CategoryForm),
    "charge": (_("Add a charge"), AddChargeForm),
    "end-charge": (_("End a charge"), EndChargeForm),
    "discount": (_("Grant a discount"), DiscountForm),
    "deposit": (_("Another deposit"), DepositDueForm),
}
"""By the name in the address."""

DRAFT_CHANGES: Final = (
    "rent",
    "charge",
    "end-charge",
    "discount",
    "deposit",
    "tacit",
    "space",
    "resize",
    "end",
)
"""Of a draft, before anybody has signed; the others are drafted anew."""

BESIDE_AN_OFFER: Final = ("charge", "end-charge", "discount", "tacit")
"""Of a draft that comes from an offer: its days, spaces and rent are promised."""
