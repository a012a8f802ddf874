"""The shapes of leases, for the OpenAPI document."""

from typing import Any, Final

from rest_framework import serializers

from core.languages import Language
from leases.choices import (
    AmendmentKind,
    AmendmentState,
    BillingTerm,
    ChargeKind,
    ChargeUnit,
    DepositAct,
    DepositMethod,
    DiscountUnit,
    DocumentKind,
    ExitReason,
    LeaseState,
    NoticeBy,
    SettlementLineKind,
    SettlementState,
    VersionAct,
)
from sites.api.shapes import NameShape
from sites.choices import BookingKind, RateUnit, TenantKind


class TenantShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class LeaseShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    site = serializers.CharField(help_text="code")
    company = TenantShape()
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    state = serializers.ChoiceField(LeaseState.choices)
    holding_over = serializers.BooleanField(help_text="past its term, the keys not given back")
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included; null: open")
    signed_on = serializers.DateField(allow_null=True)
    handed_over_on = serializers.DateField(allow_null=True)
    exit_on = serializers.DateField(allow_null=True)
    deposit_due = serializers.CharField()
    spaces = serializers.ListField(child=serializers.CharField())


class StepShape(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    unit = serializers.ChoiceField(RateUnit.choices)
    rate = serializers.CharField(help_text="DH a month, without tax")


class RhythmShape(serializers.Serializer[Any]):
    """How something is billed."""

    billing_months = serializers.ChoiceField(BillingTerm.choices)
    in_advance = serializers.BooleanField()
    vat_subject = serializers.CharField(
        allow_blank=True, help_text="what the VAT rule must be about; empty: nobody said"
    )


class DiscountShape(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    unit = serializers.ChoiceField(DiscountUnit.choices)
    value = serializers.CharField(help_text="percent, or DH a month")
    reason = serializers.CharField()


class ChargeShape(RhythmShape):
    """What is charged beside the rent."""

    id = serializers.IntegerField(allow_null=True, help_text="null: not stored yet")
    kind = serializers.ChoiceField(ChargeKind.choices)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    unit = serializers.ChoiceField(ChargeUnit.choices)
    rate = serializers.CharField(help_text="DH, without tax")


class LettingShape(RhythmShape):
    id = serializers.IntegerField(allow_null=True, help_text="null: not stored yet")
    charge = serializers.IntegerField(allow_null=True, help_text="id of its rent on bills")
    space = serializers.CharField(allow_null=True, help_text="code; null: domiciliation")
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    area_m2 = serializers.CharField(allow_null=True)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    list_rate = serializers.CharField(
        allow_null=True, help_text="DH per m² and month, where less is asked on purpose"
    )
    steps = StepShape(many=True)
    discounts = DiscountShape(many=True)
    charges = ChargeShape(many=True)


class ListedLettingShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lease = serializers.CharField(help_text="number")
    state = serializers.ChoiceField(LeaseState.choices, help_text="of the lease")
    site = serializers.CharField(help_text="code")
    space = serializers.IntegerField(allow_null=True, help_text="id; null: domiciliation")
    code = serializers.CharField(allow_null=True, help_text="of the space")
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    area_m2 = serializers.CharField(allow_null=True)
    list_rate = serializers.CharField(allow_null=True)
    unit = serializers.ChoiceField(RateUnit.choices, allow_null=True)
    rate = serializers.CharField(allow_null=True, help_text="DH a month, today; null: not today")
    company = TenantShape()
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included; null: open")


class TermsShape(serializers.Serializer[Any]):
    company = serializers.IntegerField(help_text="id")
    tenant_kind = serializers.ChoiceField(TenantKind.choices)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    deposit_due = serializers.CharField()
    lettings = LettingShape(many=True)
    charges = ChargeShape(many=True, help_text="of the lease as a whole")
    tacit_months = serializers.IntegerField(
        allow_null=True, help_text="for which the term goes on where no notice stands"
    )


class VersionShape(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    known_from = serializers.DateTimeField()
    act = serializers.ChoiceField(VersionAct.choices)
    why = serializers.CharField(allow_blank=True)
    amendment = serializers.IntegerField(allow_null=True, help_text="its number")
    terms = TermsShape()


class VersionsShape(serializers.Serializer[Any]):
    results = VersionShape(many=True)


class DepositEntryShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    act = serializers.ChoiceField(DepositAct.choices)
    amount = serializers.CharField()
    on = serializers.DateField()
    method = serializers.ChoiceField(
        DepositMethod.choices, allow_blank=True, help_text="empty: kept"
    )
    note = serializers.CharField(allow_blank=True)
    takes_back = serializers.IntegerField(allow_null=True, help_text="id of the mistaken entry")


class DepositShape(serializers.Serializer[Any]):
    due = serializers.CharField()
    received = serializers.CharField(help_text="held + returned + kept")
    returned = serializers.CharField()
    kept = serializers.CharField()
    held = serializers.CharField()
    missing = serializers.CharField()
    waiver = serializers.CharField(allow_blank=True, help_text="why none is asked")
    entries = DepositEntryShape(many=True)


class NoticeShape(serializers.Serializer[Any]):
    given_by = serializers.ChoiceField(NoticeBy.choices)
    given_on = serializers.DateField()
    last_day = serializers.DateField()
    reason = serializers.CharField(allow_blank=True)


class AmendmentShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField(allow_null=True, help_text="given at signature")
    kind = serializers.ChoiceField(AmendmentKind.choices)
    state = serializers.ChoiceField(AmendmentState.choices)
    effective_on = serializers.DateField()
    reason = serializers.CharField()
    signed_on = serializers.DateField(allow_null=True)


class MonthPreviewShape(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="2026-02")
    before = serializers.CharField(help_text="DH, without tax")
    after = serializers.CharField()


class PreviewShape(serializers.Serializer[Any]):
    """DH without tax over the months, and the deposit due."""

    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    net_before = serializers.CharField()
    net_after = serializers.CharField()
    deposit_before = serializers.CharField()
    deposit_after = serializers.CharField()
    months = MonthPreviewShape(many=True)


class AmendmentDetailShape(AmendmentShape):
    before = TermsShape()
    after = TermsShape()
    preview = PreviewShape()


class LeaseDetailShape(LeaseShape):
    application = serializers.CharField(allow_null=True, help_text="reference")
    follows = serializers.CharField(allow_null=True, help_text="number of the lease it took over")
    followed_by = serializers.CharField(
        allow_null=True, help_text="number of the lease that took it over"
    )
    exit_reason = serializers.ChoiceField(
        ExitReason.choices, allow_blank=True, help_text="why it ended; empty: it did not, or unsaid"
    )
    end_reason = serializers.CharField(allow_blank=True)
    forwarding_address = serializers.CharField(allow_blank=True)
    notice_months = serializers.IntegerField()
    tacit_months = serializers.IntegerField(
        allow_null=True, help_text="for which the term goes on where no notice stands"
    )
    maximum_stay_months = serializers.IntegerField(allow_null=True)
    lettings = LettingShape(many=True)
    charges = ChargeShape(many=True, help_text="of the lease as a whole")
    deposit = DepositShape(allow_null=True, help_text="null: not yours to see")
    notice = NoticeShape(allow_null=True, help_text="the one that stands")
    amendments = AmendmentShape(many=True)


_LINE_KINDS: Final = [*ChargeKind.choices, ("discount", "discount")]


class MonthPartShape(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="2026-02")
    days = serializers.IntegerField(help_text="that are charged,")
    of = serializers.IntegerField(help_text="of so many days of the month")


class LineShape(serializers.Serializer[Any]):
    """rate × m² × (days ÷ of, added up) ÷ per_months = amount, rounded once."""

    letting = serializers.IntegerField(allow_null=True, help_text="id; null: of the whole lease")
    charge = serializers.IntegerField(allow_null=True, help_text="id; a discount bears the rent's")
    kind = serializers.ChoiceField(_LINE_KINDS)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    space = serializers.CharField(allow_null=True, help_text="code")
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    unit = serializers.ChoiceField([*ChargeUnit.choices, *DiscountUnit.choices[:1]])
    rate = serializers.CharField(help_text="DH, without tax; a discount's is negative")
    area_m2 = serializers.CharField(allow_null=True, help_text="where the rate is per m²")
    months = MonthPartShape(many=True)
    per_months = serializers.IntegerField(help_text="months that the rate is for")
    in_advance = serializers.BooleanField()
    amount = serializers.CharField(help_text="DH, without tax")
    vat_rate = serializers.CharField(allow_null=True, help_text="percent; null: no rule says")
    vat_ground = serializers.CharField(allow_blank=True, help_text="why it is nil")
    vat = serializers.CharField()
    explanation = serializers.CharField(help_text="24.50 m² × 50 DH × 17/31 = 671.77 DH")


class VatRateShape(serializers.Serializer[Any]):
    rate = serializers.CharField(allow_null=True)
    net = serializers.CharField()
    vat = serializers.CharField()


class StatementShape(serializers.Serializer[Any]):
    lease = serializers.CharField(help_text="number")
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    known_on = serializers.DateField(allow_null=True, help_text="by the terms known on that day")
    lines = LineShape(many=True)
    net = serializers.CharField(help_text="what the lines add up to")
    vat = serializers.CharField()
    total = serializers.CharField()
    by_vat_rate = VatRateShape(many=True)
    forgone = serializers.CharField(help_text="list rent that is not asked, on purpose")


class CalendarEntryShape(serializers.Serializer[Any]):
    """A letting, a hold or works."""

    id = serializers.IntegerField(help_text="of the booking; it stays when a hold is signed")
    kind = serializers.ChoiceField(BookingKind.choices)
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True, help_text="the last day included; null: open")
    lease = serializers.CharField(allow_null=True, help_text="number; null: none, or not yours")
    company = TenantShape(allow_null=True)
    about = serializers.CharField(allow_blank=True, help_text="for whom it is held; the works")
    held_until = serializers.DateField(allow_null=True, help_text="a hold falls away after it")


class CalendarShape(serializers.Serializer[Any]):
    space = serializers.IntegerField(help_text="id")
    site = serializers.CharField(help_text="code")
    building = serializers.CharField(help_text="code")
    code = serializers.CharField()
    results = CalendarEntryShape(many=True)


class ListedShape(serializers.Serializer[Any]):
    """A company of the public directory."""

    name = serializers.CharField()
    sites = serializers.ListField(child=serializers.CharField(), help_text="codes")
    sectors = NameShape(many=True)
    technologies = NameShape(many=True)
    website = serializers.CharField(allow_blank=True)


class SignedCopyShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    signed_on = serializers.DateField()
    signers = serializers.ListField(child=serializers.CharField())


class LeaseDocumentShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(DocumentKind.choices)
    language = serializers.ChoiceField(Language.choices)
    amendment = serializers.IntegerField(allow_null=True, help_text="its number")
    report = serializers.IntegerField(allow_null=True, help_text="id of the handover report")
    settlement = serializers.IntegerField(allow_null=True, help_text="of the deposit: its id")
    day = serializers.DateField(allow_null=True, help_text="that a certificate speaks of")
    issued_at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    signed_copies = SignedCopyShape(many=True)


class LeaseDocumentsShape(serializers.Serializer[Any]):
    results = LeaseDocumentShape(many=True)
    signed_elsewhere = SignedCopyShape(
        many=True, help_text="the contract of a lease that was signed before it came here"
    )


class EvidenceShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()


class SettlementLineShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(SettlementLineKind.choices)
    words = serializers.CharField()
    amount = serializers.CharField()
    item = serializers.IntegerField(allow_null=True, help_text="of a handover report")
    evidence = EvidenceShape(many=True)


class ListedSettlementShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(SettlementState.choices)
    on = serializers.DateField(allow_null=True, help_text="the day that the money was kept")
    note = serializers.CharField(allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    final = serializers.BooleanField(help_text="the lease is over: what is left goes back")
    reason = serializers.CharField(allow_blank=True, help_text="why it was taken back")
    held = serializers.CharField(allow_null=True, help_text="before; null: not closed")


class SettlementShape(ListedSettlementShape):
    held = serializers.CharField(help_text="before; of a draft, now")
    kept = serializers.CharField()
    left = serializers.CharField()
    to_return = serializers.CharField(help_text="what is left, where it is final")
    lines = SettlementLineShape(many=True)


class SettlementsShape(serializers.Serializer[Any]):
    results = ListedSettlementShape(many=True)
