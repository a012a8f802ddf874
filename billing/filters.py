"""What the lists of billing can be narrowed by."""

from typing import Any

import django_filters as filters

from billing.choices import (
    Anomaly,
    BankLineState,
    Change,
    ChequeState,
    DunningLevel,
    InvoiceKind,
    ItemState,
    Journal,
    PaymentMethod,
    RunState,
    WriteOffState,
)
from billing.models import (
    Account,
    BankLine,
    BankStatement,
    DunningLetter,
    DunningPause,
    Invoice,
    JournalExport,
    MonthClosing,
    Payment,
    RentRun,
    RunItem,
    VatReturn,
    WriteOff,
)

MOST = 2**63 - 1


class RunFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    state = filters.ChoiceFilter(choices=RunState)
    month = filters.DateFilter(help_text="The first day of the month.")

    class Meta:
        model = RentRun
        fields = ()


class ItemFilter(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=ItemState)
    change = filters.ChoiceFilter(field_name="changes", choices=Change, method="holding")
    anomaly = filters.ChoiceFilter(field_name="anomalies", choices=Anomaly, method="holding")

    class Meta:
        model = RunItem
        fields = ()

    def holding(self, rows: object, name: str, word: str) -> object:
        return rows.filter(**{f"{name}__contains": [word]})  # type: ignore[attr-defined]


class AccountFilter(filters.FilterSet):  # type: ignore[misc]
    company = filters.NumberFilter(
        field_name="company_id", min_value=1, max_value=MOST, help_text="Id of the company."
    )
    lessor = filters.CharFilter(field_name="lessor__code", help_text="Code of the lessor.")

    class Meta:
        model = Account
        fields = ()


class PaymentFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    company = filters.NumberFilter(
        field_name="company_id", min_value=1, max_value=MOST, help_text="Id of the company."
    )
    method = filters.ChoiceFilter(choices=PaymentMethod)
    cheque = filters.ChoiceFilter(
        field_name="cheque_state", choices=ChequeState, help_text="How far a cheque has come."
    )
    free = filters.BooleanFilter(method="with_credit", help_text="Whether something is free.")
    awaiting = filters.BooleanFilter(
        method="without_certificate", help_text="Withheld, and without its certificate."
    )
    received_from = filters.DateFilter(field_name="received_on", lookup_expr="gte")
    received_to = filters.DateFilter(
        field_name="received_on", lookup_expr="lte", help_text="The last day included."
    )

    class Meta:
        model = Payment
        fields = ()

    def with_credit(self, rows: Any, name: str, asked: bool) -> Any:
        return rows.filter(free__gt=0) if asked else rows.filter(free=0)

    def without_certificate(self, rows: Any, name: str, asked: bool) -> Any:
        waiting = Payment.objects.awaiting_certificate().values("pk")
        return rows.filter(pk__in=waiting) if asked else rows.exclude(pk__in=waiting)


class InvoiceFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    kind = filters.ChoiceFilter(choices=InvoiceKind)
    company = filters.NumberFilter(
        field_name="company_id", min_value=1, max_value=MOST, help_text="Id of the company."
    )
    lease = filters.CharFilter(field_name="lease__number", help_text="Number of the lease.")
    run = filters.NumberFilter(
        field_name="run_id", min_value=1, max_value=MOST, help_text="Id of the run."
    )
    issued_from = filters.DateFilter(field_name="issued_on", lookup_expr="gte")
    issued_to = filters.DateFilter(
        field_name="issued_on", lookup_expr="lte", help_text="The last day included."
    )

    class Meta:
        model = Invoice
        fields = ()


class BankStatementFilter(filters.FilterSet):  # type: ignore[misc]
    lessor = filters.CharFilter(field_name="lessor__code", help_text="Code of the lessor.")

    class Meta:
        model = BankStatement
        fields = ()


class BankLineFilter(filters.FilterSet):  # type: ignore[misc]
    statement = filters.NumberFilter(
        field_name="statement_id", min_value=1, max_value=MOST, help_text="Id of the statement."
    )
    state = filters.ChoiceFilter(choices=BankLineState)
    booked_from = filters.DateFilter(field_name="booked_on", lookup_expr="gte")
    booked_to = filters.DateFilter(
        field_name="booked_on", lookup_expr="lte", help_text="The last day included."
    )

    class Meta:
        model = BankLine
        fields = ()


class ReminderFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    company = filters.NumberFilter(
        field_name="company_id", min_value=1, max_value=MOST, help_text="Id of the company."
    )
    level = filters.ChoiceFilter(choices=DunningLevel, help_text="Of the step.")
    sent_from = filters.DateFilter(field_name="on", lookup_expr="gte")
    sent_to = filters.DateFilter(
        field_name="on", lookup_expr="lte", help_text="The last day included."
    )

    class Meta:
        model = DunningLetter
        fields = ()


class PauseFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="site__code", help_text="Code of the site.")
    company = filters.NumberFilter(
        field_name="company_id", min_value=1, max_value=MOST, help_text="Id of the company."
    )
    in_force_on = filters.DateFilter(
        field_name="period", lookup_expr="contains", help_text="Only what counts on that day."
    )

    class Meta:
        model = DunningPause
        fields = ()


class WriteOffFilter(filters.FilterSet):  # type: ignore[misc]
    site = filters.CharFilter(field_name="invoice__site__code", help_text="Code of the site.")
    company = filters.NumberFilter(
        field_name="invoice__company_id",
        min_value=1,
        max_value=MOST,
        help_text="Id of the company.",
    )
    state = filters.ChoiceFilter(choices=WriteOffState)

    class Meta:
        model = WriteOff
        fields = ()


class _OfLessorFilter(filters.FilterSet):  # type: ignore[misc]
    lessor = filters.CharFilter(field_name="lessor__code", help_text="Code of the lessor.")


class ClosingFilter(_OfLessorFilter):
    month = filters.DateFilter(help_text="The first day of the month.")

    class Meta:
        model = MonthClosing
        fields = ()


class VatReturnFilter(_OfLessorFilter):
    class Meta:
        model = VatReturn
        fields = ()


class JournalExportFilter(_OfLessorFilter):
    journal = filters.ChoiceFilter(choices=Journal)

    class Meta:
        model = JournalExport
        fields = ()
