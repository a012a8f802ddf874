"""What each act on a lease wants to be told."""

from decimal import Decimal
from typing import Any, Final

from django.core.validators import MinValueValidator
from rest_framework import serializers

from leases.choices import (
    DEPOSIT_PAID,
    BillingTerm,
    ChargeKind,
    ChargeUnit,
    DepositAct,
    DepositMethod,
    DiscountUnit,
    ExitReason,
    NoticeBy,
    SettlementLineKind,
)
from sites.api.bodies import AreaField, DayField, IdField, Part
from sites.choices import RateUnit, TenantKind, VatSubject

_WORDS: Final = 300
"""Characters that a reason may have."""


def _reason(**given: Any) -> serializers.CharField:
    return serializers.CharField(max_length=_WORDS, **given)


class _Amount(serializers.DecimalField):
    def __init__(self, **given: Any) -> None:
        super().__init__(
            max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], **given
        )


class _Rate(serializers.DecimalField):
    def __init__(self, **given: Any) -> None:
        super().__init__(
            max_digits=12, decimal_places=4, validators=[MinValueValidator(0)], **given
        )


class DraftLeaseBody(serializers.Serializer[Any]):
    site = serializers.CharField(max_length=20, help_text="code")
    company = IdField()
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    start = DayField()
    end = DayField(required=False, allow_null=True, help_text="the last day; null: open")
    spaces = serializers.ListField(
        child=IdField(), required=False, max_length=100, help_text="ids; none for a domiciliation"
    )
    tacit_months = serializers.IntegerField(
        min_value=1,
        max_value=1200,
        required=False,
        allow_null=True,
        help_text="for which the term goes on where no notice stands",
    )
    notice_months = serializers.IntegerField(
        min_value=0, max_value=120, required=False, help_text="three if left out"
    )


class LeaseReasonBody(serializers.Serializer[Any]):
    reason = _reason()


class WaiverBody(serializers.Serializer[Any]):
    reason = _reason(allow_blank=True, help_text="empty: the deposit is asked after all")


class SignBody(serializers.Serializer[Any]):
    signed_on = DayField(required=False, help_text="today if left out")


class HandOverBody(serializers.Serializer[Any]):
    on = DayField(required=False, help_text="today if left out")


class EndBody(serializers.Serializer[Any]):
    last_day = DayField(help_text="on which the tenant was there")
    reason = _reason()
    exit_reason = serializers.ChoiceField(
        [choice for choice in ExitReason.choices if choice[0] != ExitReason.ASSIGNED],
        required=False,
        help_text="`other` if left out; an assignment is an act of its own",
    )
    forwarding_address = serializers.CharField(max_length=500, required=False, allow_blank=True)


class AssignBody(serializers.Serializer[Any]):
    company = IdField(help_text="id of the company that goes on with it")
    since = DayField(required=False, help_text="its first day; today if left out")
    succeeds = serializers.BooleanField(
        required=False,
        help_text="it is what has become of the present tenant, whose stay goes on in it",
    )
    reason = _reason()


class NoticeBody(serializers.Serializer[Any]):
    given_by = serializers.ChoiceField(NoticeBy.choices)
    given_on = DayField()
    last_day = DayField(
        required=False,
        help_text="by the lease's period of notice if left out; an earlier one wants a reason",
    )
    reason = _reason(required=False, allow_blank=True)


class WithdrawalBody(serializers.Serializer[Any]):
    on = DayField(required=False, help_text="today if left out")
    reason = _reason()


class DepositBody(serializers.Serializer[Any]):
    act = serializers.ChoiceField(
        [choice for choice in DepositAct.choices if choice[0] != DepositAct.KEPT],
        help_text="what is kept is a settlement's",
    )
    amount = _Amount()
    on = DayField(required=False, help_text="today if left out")
    method = serializers.ChoiceField(DEPOSIT_PAID, default=DepositMethod.TRANSFER)
    note = _reason(required=False, allow_blank=True, help_text="why it goes back; needed then")


class TakeBackBody(serializers.Serializer[Any]):
    entry = IdField(help_text="id of the entry that was a mistake")
    reason = _reason()


# --- Holds of a space


class HoldBody(serializers.Serializer[Any]):
    start = DayField()
    end = DayField(required=False, allow_null=True, help_text="the last day; null: open")
    held_until = DayField(help_text="after it the hold falls away by itself")
    reason = serializers.CharField(max_length=200, help_text="for whom, or why")


class ProlongBody(serializers.Serializer[Any]):
    hold = IdField(help_text="id of the hold, as the calendar has it")
    held_until = DayField(help_text="from now on")


class ReleaseBody(serializers.Serializer[Any]):
    hold = IdField(help_text="id of the hold, as the calendar has it")


class SettlementLineBody(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(SettlementLineKind.choices)
    words = _reason(help_text="for what it is kept")
    amount = _Amount()
    item = IdField(required=False, allow_null=True, help_text="of a handover report of the lease")


class SettlementNoteBody(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=2000, allow_blank=True)


class CloseSettlementBody(serializers.Serializer[Any]):
    on = DayField(required=False, help_text="today if left out")


# --- Amendments


class GiveUp(Part):
    letting = IdField()


class Resize(Part):
    letting = IdField()
    area_m2 = AreaField()


class FromDay(Part):
    start = DayField()
    rate = _Rate()


class Reprice(Part):
    letting = IdField()
    unit = serializers.ChoiceField(RateUnit.choices)
    rates = FromDay(
        many=True,
        allow_empty=False,
        help_text="the first from `effective_on` on, each until the next, the last until the end",
    )


class Let(Part):
    space = IdField()
    end = DayField(
        required=False, allow_null=True, help_text="the last day; with the lease if left out"
    )
    unit = serializers.ChoiceField(RateUnit.choices, required=False)
    rates = FromDay(many=True, required=False, help_text="of the site's plan if left out")


class MoveEnd(Part):
    end = DayField(allow_null=True, help_text="the last day; null: open")


class TacitRenewal(Part):
    months = serializers.IntegerField(
        min_value=1, max_value=1200, allow_null=True, help_text="null: the term ends"
    )


class RateOf(Part):
    letting = IdField()
    rate = _Rate()


class Recategorise(Part):
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    rates = RateOf(many=True, required=False, help_text="of the site's plan where left out")


class AddCharge(Part):
    letting = IdField(required=False, allow_null=True, help_text="none: of the lease as a whole")
    kind = serializers.ChoiceField([one for one in ChargeKind.choices if one[0] != ChargeKind.RENT])
    label = serializers.CharField(max_length=120, required=False, allow_blank=True)  # type: ignore[assignment]
    unit = serializers.ChoiceField(ChargeUnit.choices)
    rate = _Rate()
    end = DayField(
        required=False, allow_null=True, help_text="the last day; with the letting if left out"
    )
    billing_months = serializers.ChoiceField(BillingTerm.choices, required=False)
    in_advance = serializers.BooleanField(required=False)
    vat_subject = serializers.ChoiceField(VatSubject.choices, required=False)


class EndCharge(Part):
    charge = IdField(help_text="its first day without is `effective_on`")


class Discount(Part):
    letting = IdField()
    unit = serializers.ChoiceField(DiscountUnit.choices)
    value = serializers.DecimalField(
        max_digits=12, decimal_places=4, validators=[MinValueValidator(Decimal("0.0001"))]
    )
    reason = serializers.CharField(max_length=200, help_text="as it stands on the statement")
    end = DayField(
        required=False, allow_null=True, help_text="the last day; with the letting if left out"
    )


class AmendmentBody(serializers.Serializer[Any]):
    """Exactly one of the changes."""

    effective_on = DayField(
        required=False,
        help_text="the first day that changes; `renew` and `move_end` know it themselves",
    )
    reason = _reason()
    deposit_due = _Amount(required=False, help_text="from then on; what it is if left out")
    give_up = GiveUp(required=False)
    resize = Resize(required=False)
    reprice = Reprice(required=False)
    let = Let(required=False)
    move_end = MoveEnd(required=False)
    renew = MoveEnd(required=False)
    renew_tacitly = TacitRenewal(required=False)
    recategorise = Recategorise(required=False)
    add_charge = AddCharge(required=False)
    end_charge = EndCharge(required=False)
    discount = Discount(required=False)
