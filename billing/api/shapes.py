"""The shapes of billing, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from billing.choices import (
    Anomaly,
    BankLineState,
    Change,
    CreditKind,
    InvoiceKind,
    ItemState,
    Journal,
    LedgerKey,
    MatchAct,
    MatchReason,
    PieceKind,
    RunState,
    StatementFormat,
    VatBasis,
    VatReason,
)
from billing.selectors.bank_page import Group
from billing.services.announcing import ISSUED, SETTLED
from core.languages import Language


class ClientShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RunShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    site = serializers.CharField(help_text="code")
    month = serializers.DateField(help_text="its first day")
    state = serializers.ChoiceField(RunState.choices)
    leases = serializers.IntegerField(help_text="to look at")
    looked_at = serializers.IntegerField()
    drafted_at = serializers.DateTimeField()
    issued_at = serializers.DateTimeField(allow_null=True)


class TotalShape(serializers.Serializer[Any]):
    state = serializers.ChoiceField(ItemState.choices)
    leases = serializers.IntegerField()
    was = serializers.CharField(help_text="the month before, DH without tax")
    net = serializers.CharField(help_text="DH without tax")
    vat = serializers.CharField()


class RunDetailShape(RunShape):
    totals = TotalShape(many=True)
    preview = serializers.CharField(help_text="stamp of what would be issued; for `issue`")


class ProposedLineShape(serializers.Serializer[Any]):
    """A line as it would be issued."""

    charge = serializers.IntegerField()
    kind = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    space = serializers.CharField(allow_null=True)
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    unit = serializers.CharField()
    rate = serializers.CharField()
    area_m2 = serializers.CharField(allow_null=True)
    amount = serializers.CharField(help_text="DH without tax")
    vat_rate = serializers.CharField(allow_null=True)
    vat = serializers.CharField()


class TakenBackShape(serializers.Serializer[Any]):
    """Days of an issued line that would be credited, or of a discount that would be charged."""

    line = serializers.IntegerField(help_text="id")
    invoice = serializers.CharField(help_text="number of the document that the line stands on")
    kind = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    space = serializers.CharField(allow_blank=True)
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    net = serializers.CharField()
    vat = serializers.CharField()


class KeptGoodwillShape(serializers.Serializer[Any]):
    """Goodwill given before for days that are billed anew, which the invoice is credited by."""

    charge = serializers.IntegerField()
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    net = serializers.CharField()
    vat = serializers.CharField()


class RunItemShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lease = serializers.CharField(help_text="number")
    company = ClientShape()
    state = serializers.ChoiceField(ItemState.choices)
    was = serializers.CharField(help_text="the month before, DH without tax")
    net = serializers.CharField(help_text="DH without tax")
    vat = serializers.CharField()
    changes = serializers.ListField(child=serializers.ChoiceField(Change.choices))
    anomalies = serializers.ListField(child=serializers.ChoiceField(Anomaly.choices))
    note = serializers.CharField(allow_blank=True)
    bill = ProposedLineShape(many=True)
    lessened = ProposedLineShape(many=True, help_text="discounts credited on what is billed")
    goodwill = KeptGoodwillShape(many=True)
    taken_back = TakenBackShape(many=True)


class InvoiceShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    kind = serializers.ChoiceField(InvoiceKind.choices)
    site = serializers.CharField(help_text="code")
    company = ClientShape()
    lease = serializers.CharField(allow_null=True, help_text="number")
    run = serializers.IntegerField(allow_null=True)
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    net = serializers.CharField(help_text="DH without tax")
    vat = serializers.CharField()
    total = serializers.CharField()
    corrects = serializers.CharField(allow_null=True, help_text="number")
    credit_kind = serializers.ChoiceField(CreditKind.choices, allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class InvoiceLineShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    space = serializers.CharField(allow_blank=True)
    charge = serializers.IntegerField(allow_null=True)
    start = serializers.DateField(allow_null=True)
    end = serializers.DateField(allow_null=True, help_text="the last day included")
    unit = serializers.CharField()
    rate = serializers.CharField()
    area_m2 = serializers.CharField(allow_null=True)
    quantity = serializers.CharField()
    amount = serializers.CharField(help_text="DH without tax")
    vat_rate = serializers.CharField()
    vat_ground = serializers.CharField(allow_blank=True)
    vat = serializers.CharField()
    is_rent = serializers.BooleanField()
    credits = serializers.IntegerField(allow_null=True, help_text="id of the line that it credits")
    left = serializers.CharField(help_text="what no credit has taken yet")


class PaperShape(serializers.Serializer[Any]):
    """The PDF of a document as stored."""

    made_at = serializers.DateTimeField(allow_null=True, help_text="empty: not yet")
    sha256 = serializers.CharField(allow_blank=True)
    letters = serializers.IntegerField(help_text="that left by themselves")
    problem = serializers.CharField(allow_blank=True, help_text="why it could not be made")


class ReceiptShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    issued_on = serializers.DateField()
    amount = serializers.CharField(help_text="DH that were paid")
    void = serializers.BooleanField(help_text="what was paid was taken back since")


class SentShape(serializers.Serializer[Any]):
    to = serializers.ListField(child=serializers.EmailField())


class InvoiceDetailShape(InvoiceShape):
    language = serializers.ChoiceField(Language.choices)
    seller = serializers.DictField(help_text="as it was when issued")
    client = serializers.DictField(help_text="as it was when issued")
    lines = InvoiceLineShape(many=True)
    credit_notes = serializers.ListField(child=serializers.CharField())
    open = serializers.CharField(allow_null=True, help_text="DH still asked; of an invoice")
    paper = PaperShape(allow_null=True)
    receipts = ReceiptShape(many=True)


class IssuedShape(serializers.Serializer[Any]):
    """What a webhook is told of a document that was issued."""

    event = serializers.ChoiceField([(ISSUED, ISSUED)])
    id = serializers.UUIDField(help_text="the event's: it may come twice")
    number = serializers.CharField()
    kind = serializers.ChoiceField(InvoiceKind.choices)
    site = serializers.CharField(help_text="code")
    company = serializers.IntegerField(help_text="id")
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    total = serializers.CharField(help_text="DH with tax")
    at = serializers.DateTimeField()


class SettledShape(serializers.Serializer[Any]):
    """What a webhook is told of an invoice of which nothing is open any more."""

    event = serializers.ChoiceField([(SETTLED, SETTLED)])
    id = serializers.UUIDField(help_text="the event's: it may come twice")
    number = serializers.CharField()
    site = serializers.CharField(help_text="code")
    company = serializers.IntegerField(help_text="id")
    settled_on = serializers.DateField(help_text="the day of the last that settled it")
    total = serializers.CharField(help_text="DH with tax")
    at = serializers.DateTimeField()


class BankStatementShape(serializers.Serializer[Any]):
    lessor = serializers.CharField(help_text="code")
    id = serializers.IntegerField()
    name = serializers.CharField()
    format = serializers.ChoiceField(StatementFormat.choices)
    bank_account = serializers.CharField(allow_blank=True, help_text="as the file says it")
    opening = serializers.CharField(allow_null=True, help_text="balance, DH")
    closing = serializers.CharField(allow_null=True, help_text="balance, DH")
    seen_before = serializers.IntegerField(help_text="lines that were there already")
    read_at = serializers.DateTimeField()
    lines = serializers.IntegerField(help_text="that it added")
    waiting = serializers.IntegerField(help_text="lines to be matched")


class AcceptedRefusalShape(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="id")
    reason = serializers.CharField()


class AcceptedShape(serializers.Serializer[Any]):
    accepted = serializers.IntegerField(help_text="lines")
    refused = AcceptedRefusalShape(many=True)


class ProposedShareShape(serializers.Serializer[Any]):
    invoice = serializers.CharField(help_text="number")
    open = serializers.CharField(help_text="DH")
    paid = serializers.CharField(help_text="DH")
    withheld = serializers.CharField(help_text="DH")


class BankProposalShape(serializers.Serializer[Any]):
    """What a line may be."""

    key = serializers.CharField(help_text="to accept it")
    act = serializers.ChoiceField(MatchAct.choices)
    sure = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.ChoiceField(MatchReason.choices))
    company = ClientShape()
    shares = ProposedShareShape(many=True)
    entered = serializers.ListField(
        child=serializers.CharField(), help_text="payments, cheques or a refund: numbers"
    )
    credit = serializers.CharField(help_text="what stays the company's, DH")


class BankLineShape(serializers.Serializer[Any]):
    statement = serializers.IntegerField(help_text="id")
    id = serializers.IntegerField()
    position = serializers.IntegerField()
    booked_on = serializers.DateField()
    value_on = serializers.DateField(allow_null=True)
    amount = serializers.CharField(help_text="DH; what comes in is positive")
    counterparty = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)
    reversal = serializers.BooleanField()
    state = serializers.ChoiceField(BankLineState.choices)
    note = serializers.CharField(allow_blank=True)
    payments = serializers.ListField(child=serializers.CharField(), help_text="numbers")
    refunds = serializers.ListField(child=serializers.CharField(), help_text="numbers")
    group = serializers.ChoiceField([(group.value, group.value) for group in Group])
    proposals = BankProposalShape(many=True)


class CsvMappingShape(serializers.Serializer[Any]):
    lessor = serializers.CharField(help_text="code")
    id = serializers.IntegerField()
    name = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField(), help_text="heading by role")
    delimiter = serializers.CharField()
    day_format = serializers.CharField()


class ClosingShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lessor = serializers.CharField(help_text="code")
    month = serializers.DateField(help_text="its first day")
    closed_at = serializers.DateTimeField()
    reopened_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="why it was reopened")


class VatTotalShape(serializers.Serializer[Any]):
    rate = serializers.CharField(help_text="percent")
    net = serializers.CharField(help_text="DH without tax")
    vat = serializers.CharField()


class VatReturnShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lessor = serializers.CharField(help_text="code")
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    basis = serializers.ChoiceField(VatBasis.choices)
    declared_at = serializers.DateTimeField()
    totals = VatTotalShape(many=True)


class VatRowShape(serializers.Serializer[Any]):
    """What falls due, or is taken back (less than nothing), at one rate."""

    day = serializers.DateField(help_text="received, issued or taken back")
    reason = serializers.ChoiceField(VatReason.choices)
    number = serializers.CharField(help_text="of the invoice, the credit note or the advance")
    source = serializers.CharField(allow_blank=True, help_text="number of what settled it")  # type: ignore[assignment]
    client = serializers.CharField()
    ice = serializers.CharField(allow_blank=True)
    rate = serializers.CharField(help_text="percent")
    net = serializers.CharField(help_text="DH without tax")
    vat = serializers.CharField()


class VatDueShape(serializers.Serializer[Any]):
    """A period as it stands now, not declared."""

    lessor = serializers.CharField(help_text="code")
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    basis = serializers.ChoiceField(VatBasis.choices)
    totals = VatTotalShape(many=True)
    rows = VatRowShape(many=True)


class VatReturnDetailShape(VatReturnShape):
    rows = VatRowShape(many=True)


class JournalExportShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    lessor = serializers.CharField(help_text="code")
    journal = serializers.ChoiceField(Journal.choices)
    start = serializers.DateField()
    end = serializers.DateField(help_text="the last day included")
    layout = serializers.CharField()
    again = serializers.BooleanField(help_text="pieces of an earlier export are in it")
    pieces = serializers.IntegerField()
    sha256 = serializers.CharField()
    exported_at = serializers.DateTimeField()


class EntryShape(serializers.Serializer[Any]):
    account = serializers.CharField()
    what = serializers.ChoiceField(LedgerKey.choices)
    third_party = serializers.CharField(allow_blank=True, help_text="account code of the company")
    debit = serializers.CharField()
    credit = serializers.CharField()


class PieceShape(serializers.Serializer[Any]):
    """Debits and credits are equal."""

    piece = serializers.CharField(help_text="its key, the same for ever")
    kind = serializers.ChoiceField(PieceKind.choices)
    day = serializers.DateField()
    number = serializers.CharField()
    company = ClientShape()
    exported = serializers.BooleanField()
    final = serializers.BooleanField(help_text="false: it waits for its month to be closed")
    entries = EntryShape(many=True)


class PiecesShape(serializers.Serializer[Any]):
    lessor = serializers.CharField(help_text="code")
    journal = serializers.ChoiceField(Journal.choices)
    month = serializers.DateField(help_text="its first day")
    pieces = PieceShape(many=True)
