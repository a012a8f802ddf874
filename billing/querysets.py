"""Chainable filters over what is billed, paid and booked."""

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from billing.choices import WITHHELD, ChequeState, ItemState, PenaltyState, RunState, WriteOffState
from core.models import Message
from sites.models import Site
from sites.querysets import ScopedQuerySet, SharedQuerySet
from sites.scopes import Scope
from tenants.models import Company

if TYPE_CHECKING:
    from billing.models import (  # noqa: F401  the rows' classes
        Account,
        Allocation,
        BankLine,
        BankStatement,
        BilledPeriod,
        Certificate,
        ChequeStep,
        CsvMapping,
        Doubtful,
        DunningLetter,
        DunningLetterLine,
        DunningPause,
        DunningStep,
        ExportedPiece,
        Holiday,
        Invoice,
        InvoiceLine,
        InvoicePaper,
        JournalExport,
        JournalLayout,
        LedgerAccount,
        MonthClosing,
        Payment,
        Penalty,
        PenaltyClause,
        Receipt,
        Refund,
        RentRun,
        RunItem,
        Settled,
        SiteBilling,
        VatRegime,
        VatReturn,
        WithholdingRule,
        WriteOff,
    )

_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class SiteBillingQuerySet(ScopedQuerySet["SiteBilling"]):
    resource: ClassVar[str] = "billing"


class RentRunQuerySet(ScopedQuerySet["RentRun"]):
    resource = "run"

    def open(self) -> Self:
        return self.exclude(state__in=[RunState.ISSUED, RunState.DROPPED])


class RunItemQuerySet(ScopedQuerySet["RunItem"]):
    resource = "run"
    site_path = "run__site_id"

    def waiting(self) -> Self:
        return self.filter(state=ItemState.PROPOSED)


class InvoiceQuerySet(ScopedQuerySet["Invoice"]):
    resource = "invoice"


class InvoiceLineQuerySet(ScopedQuerySet["InvoiceLine"]):
    resource = "invoice"
    site_path = "invoice__site_id"


class BilledPeriodQuerySet(ScopedQuerySet["BilledPeriod"]):
    resource = "invoice"
    site_path = "lease__site_id"


class SettledQuerySet(ScopedQuerySet["Settled"]):
    resource = "invoice"
    site_path = "lease__site_id"


class HolidayQuerySet(SharedQuerySet["Holiday"]):
    resource = "billing"


class PaymentQuerySet(ScopedQuerySet["Payment"]):
    resource = "payment"

    def void(self) -> Self:
        """Cheques that bounced, and what was said to be withheld with them: no money came."""
        return self.filter(_bounced())

    def standing(self) -> Self:
        return self.exclude(_bounced())

    def withheld_ones(self) -> Self:
        return self.filter(method__in=WITHHELD)

    def awaiting_certificate(self) -> Self:
        """Withheld, and nothing shows yet that the treasury has it. Of what was taken back whole
        (it was a mistake) nothing is awaited."""
        from billing.models import Refund

        back = Refund.objects.filter(payment=OuterRef("pk"), amount=OuterRef("amount"))
        return self.standing().withheld_ones().filter(~Exists(back), certificate=None)


def _bounced() -> Q:
    from billing.models import ChequeStep

    steps = ChequeStep.objects.bounced()
    return Q(Exists(steps.filter(payment=OuterRef("pk")))) | Q(
        Exists(steps.filter(payment=OuterRef("withheld_with")))
    )


class ChequeStepQuerySet(ScopedQuerySet["ChequeStep"]):
    resource = "payment"
    site_path = "payment__site_id"

    def bounced(self) -> Self:
        return self.filter(state=ChequeState.BOUNCED)


class CertificateQuerySet(ScopedQuerySet["Certificate"]):
    resource = "payment"
    site_path = "payment__site_id"


class RefundQuerySet(ScopedQuerySet["Refund"]):
    resource = "payment"

    def within(self, scope: Scope) -> Self:
        if scope.network:
            return self
        return self.filter(
            Q(payment__site__in=scope.site_ids) | Q(credit_note__site__in=scope.site_ids)
        )


class AllocationQuerySet(ScopedQuerySet["Allocation"]):
    resource = "payment"
    site_path = "invoice__site_id"


class DoubtfulQuerySet(ScopedQuerySet["Doubtful"]):
    resource = "dunning"
    site_path = "invoice__site_id"

    def standing(self) -> Self:
        return self.filter(lifted_on=None)


class WriteOffQuerySet(ScopedQuerySet["WriteOff"]):
    resource = "dunning"
    site_path = "invoice__site_id"

    def waiting(self) -> Self:
        """For the second person."""
        return self.filter(state=WriteOffState.ASKED)

    def with_taken_back(self) -> Self:
        """Annotates `taken_back`: that what was given up is asked for again."""
        from billing.models import Allocation

        back = Allocation.objects.filter(write_off=OuterRef("pk"), amount__lt=0)
        return self.annotate(taken_back=Exists(back))


class AccountQuerySet(ScopedQuerySet["Account"]):
    """Seen where the company was billed or paid; of its rows, each site sees its own."""

    resource = "payment"

    def within(self, scope: Scope) -> Self:
        from billing.models import Invoice, Payment

        if scope.network:
            return self
        mine = {"lessor": OuterRef("lessor"), "company": OuterRef("company")}
        billed = Invoice.objects.within(scope).filter(**mine)
        paid = Payment.objects.within(scope).filter(**mine)
        return self.filter(Exists(billed) | Exists(paid))


class WithholdingRuleQuerySet(ScopedQuerySet["WithholdingRule"]):
    """Follows its company."""

    resource = "payment"

    def within(self, scope: Scope) -> Self:
        return self if scope.network else self.filter(company__in=Company.objects.within(scope))


class LessorScopedQuerySet(ScopedQuerySet[_Row_co]):
    """What is a lessor's, whatever the site: for whoever may at all of the lessor's sites."""

    lessor_path: ClassVar[str] = "lessor_id"

    def within(self, scope: Scope) -> Self:
        if scope.network:
            return self
        if not scope:
            return self.none()
        elsewhere = Site.objects.exclude(pk__in=scope.site_ids).values("lessor")
        here = Site.objects.filter(pk__in=scope.site_ids).values("lessor")
        path = self.lessor_path
        return self.filter(**{f"{path}__in": here}).exclude(**{f"{path}__in": elsewhere})


class BankStatementQuerySet(LessorScopedQuerySet["BankStatement"]):
    resource = "bank"


class BankLineQuerySet(LessorScopedQuerySet["BankLine"]):
    resource = "bank"


class CsvMappingQuerySet(LessorScopedQuerySet["CsvMapping"]):
    resource = "bank"


class DunningStepQuerySet(ScopedQuerySet["DunningStep"]):
    resource = "dunning"


class DunningLetterQuerySet(ScopedQuerySet["DunningLetter"]):
    resource = "dunning"


class DunningLetterLineQuerySet(ScopedQuerySet["DunningLetterLine"]):
    resource = "dunning"
    site_path = "letter__site_id"


class DunningPauseQuerySet(ScopedQuerySet["DunningPause"]):
    resource = "dunning"

    def in_force(self, day: dt.date) -> Self:
        return self.filter(period__contains=day)


class PenaltyClauseQuerySet(ScopedQuerySet["PenaltyClause"]):
    resource = "dunning"
    site_path = "lease__site_id"


class PenaltyQuerySet(ScopedQuerySet["Penalty"]):
    resource = "dunning"
    site_path = "invoice__site_id"

    def proposed(self) -> Self:
        return self.filter(state=PenaltyState.PROPOSED)


class InvoicePaperQuerySet(ScopedQuerySet["InvoicePaper"]):
    resource = "invoice"
    site_path = "invoice__site_id"

    def to_make(self) -> Self:
        return self.filter(made_at__isnull=True)

    def with_problem(self) -> Self:
        return self.to_make().exclude(problem="")

    def to_nobody(self, since: dt.date) -> Self:
        """Of what was issued from that day on at sites that send it: sent to nobody, since no
        address was there."""
        matter = Concat(Value("invoice:"), Cast(OuterRef("pk"), models.CharField()))
        return self.filter(
            ~Exists(Message.objects.filter(matter=matter)),
            made_at__isnull=False,
            letters=0,
            invoice__issued_on__gte=since,
            invoice__site__billing__sends_papers=True,
        )


class ReceiptQuerySet(ScopedQuerySet["Receipt"]):
    resource = "invoice"
    site_path = "invoice__site_id"


class LedgerAccountQuerySet(LessorScopedQuerySet["LedgerAccount"]):
    resource = "books"


class JournalLayoutQuerySet(LessorScopedQuerySet["JournalLayout"]):
    resource = "books"


class VatRegimeQuerySet(LessorScopedQuerySet["VatRegime"]):
    resource = "books"


class MonthClosingQuerySet(LessorScopedQuerySet["MonthClosing"]):
    resource = "books"

    def closed(self) -> Self:
        return self.filter(reopened_at=None)


class JournalExportQuerySet(LessorScopedQuerySet["JournalExport"]):
    resource = "books"


class ExportedPieceQuerySet(LessorScopedQuerySet["ExportedPiece"]):
    resource = "books"


class VatReturnQuerySet(LessorScopedQuerySet["VatReturn"]):
    resource = "books"
