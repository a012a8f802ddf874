"""What each act of billing wants to be told."""

from typing import Any

from django.core.validators import MinValueValidator
from rest_framework import serializers

from billing.choices import CreditKind, Journal
from sites.api.bodies import DayField, IdField, Part
from sites.choices import VatSubject

_WORDS = 300
"""Characters that a reason may have."""


class RunBody(serializers.Serializer[Any]):
    site = serializers.CharField(max_length=20, help_text="code")
    month = DayField(help_text="any day of it")


class LeaveOutBody(serializers.Serializer[Any]):
    item = IdField(help_text="id of the lease in the run")
    reason = serializers.CharField(max_length=_WORDS)


class TakeInBody(serializers.Serializer[Any]):
    item = IdField(help_text="id of the lease in the run")


class IssueBody(serializers.Serializer[Any]):
    preview = serializers.CharField(
        max_length=16,
        required=False,
        help_text="of the run as it was read: one that has changed since is not issued",
    )


class NothingBody(serializers.Serializer[Any]):
    pass


class CreditedPart(Part):
    """Of one line all that is left, an amount, or some days."""

    line = IdField()
    net = serializers.DecimalField(
        max_digits=14, decimal_places=2, required=False, help_text="DH without tax; of goodwill"
    )
    start = DayField(required=False, help_text="the first of the days")
    end = DayField(required=False, help_text="the last of the days")


class CreditBody(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(
        CreditKind.choices, help_text="what is cancelled may be billed again, goodwill may not"
    )
    reason = serializers.CharField(max_length=_WORDS)
    net = serializers.DecimalField(
        max_digits=14,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0)],
        help_text="of goodwill, shared by the lines; neither it nor `parts`: all that is left",
    )
    parts = CreditedPart(many=True, required=False)


class SaleLineBody(Part):
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]
    price = serializers.DecimalField(
        max_digits=12, decimal_places=2, validators=[MinValueValidator(0)], help_text="of one, DH"
    )
    quantity = serializers.DecimalField(max_digits=9, decimal_places=3, required=False)
    vat_subject = serializers.ChoiceField(VatSubject.choices, required=False)


class SaleBody(serializers.Serializer[Any]):
    site = serializers.CharField(max_length=20, help_text="code")
    company = IdField()
    lines = SaleLineBody(many=True, allow_empty=False)


class SendBody(serializers.Serializer[Any]):
    to = serializers.ListField(
        child=serializers.EmailField(), required=False, help_text="addresses of the company"
    )


class ReceiptBody(serializers.Serializer[Any]):
    send = serializers.BooleanField(
        required=False, help_text="by e-mail to those who receive invoices"
    )


class AcceptBody(serializers.Serializer[Any]):
    proposal = serializers.CharField(max_length=16, help_text="key of the proposal, as shown")


class MatchedShare(Part):
    invoice = serializers.CharField(max_length=40, help_text="number")
    amount = serializers.DecimalField(
        max_digits=14,
        decimal_places=2,
        required=False,
        validators=[MinValueValidator(0)],
        help_text="paid, DH; none: as far as the line goes",
    )


class MatchBody(serializers.Serializer[Any]):
    company = IdField()
    shares = MatchedShare(many=True, required=False, help_text="none: the oldest first")
    site = serializers.CharField(
        max_length=20, required=False, help_text="code; where nothing was billed to it yet"
    )
    received_on = DayField(
        required=False, help_text="where the month of the line is closed: a later day"
    )


class BankReasonBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=_WORDS)


class RefundedLineBody(serializers.Serializer[Any]):
    credit = serializers.CharField(
        max_length=40, help_text="number of the payment or credit note whose credit it was"
    )
    reason = serializers.CharField(max_length=_WORDS)


class CsvMappingBody(serializers.Serializer[Any]):
    lessor = serializers.CharField(max_length=20, help_text="code")
    name = serializers.CharField(max_length=80)
    columns = serializers.DictField(
        child=serializers.CharField(max_length=200),
        help_text="booked, value, amount (signed, or with side: D or C; or debit and credit), "
        "counterparty, reference, words; "
        "each with the heading of its column",
    )
    delimiter = serializers.CharField(max_length=1, required=False, trim_whitespace=False)
    day_format = serializers.CharField(max_length=20, required=False, help_text="as strptime's")


class CloseBody(serializers.Serializer[Any]):
    lessor = serializers.CharField(max_length=20, help_text="code")
    month = DayField(help_text="any day of it")
    anyway = serializers.BooleanField(default=False, help_text="although something is unfinished")


class ReopenBody(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=_WORDS)


class DeclareBody(serializers.Serializer[Any]):
    lessor = serializers.CharField(max_length=20, help_text="code")
    month = DayField(help_text="any day of the period")


class ExportBody(serializers.Serializer[Any]):
    lessor = serializers.CharField(max_length=20, help_text="code")
    journal = serializers.ChoiceField(Journal.choices)
    start = DayField(help_text="the first of the days")
    end = DayField(help_text="the last of the days")
    layout = serializers.CharField(
        max_length=20,
        required=False,
        help_text="the one that the lessor keeps, unless said: `excel`, `plain`, `sage`, or letters"
        " of the columns (j journal, d date, p piece, a account, t third party, l label, b debit,"
        " c credit), then `;`, `,` or `t` for a tab, the decimal sign, `i` (2026-12-31),"
        " `f` (31/12/2026) or `s` (311226), `h` with or `n` without a header, and `u` for UTF-8 or"
        " `w` for Windows-1252: `jdpatlbc;,fhu`",
    )
    again = serializers.BooleanField(
        default=False, help_text="what was exported before, too; it is marked"
    )
