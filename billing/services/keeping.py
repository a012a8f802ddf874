"""What is kept of a deposit for unpaid rent: a payment that settles it."""

from django.db.models import Case, Sum, Value, When
from django.utils import timezone

from accounts.models import User
from billing.choices import InvoiceKind, PaymentMethod
from billing.errors.money import KeptGivenBack
from billing.models import Invoice, Payment, Refund
from billing.selectors.open_items import with_open
from billing.services import numbers
from billing.services.accounts import locked
from billing.services.allocating import Row, Share, take_all_back, write_allocations
from billing.services.closing import check_open
from core.history import recorded
from core.money import ZERO
from core.periods import today
from leases.choices import SettlementLineKind
from leases.models import DepositSettlement


def settle_by_deposit(*, settlement: DepositSettlement, acting_user: User | None) -> Payment | None:
    """What a settlement, just closed, keeps for unpaid rent or charges settles invoices of its
    lease, then others of the company at the site, the oldest first; what is over stays credit.
    Nothing is withheld of it: nobody pays. None: it keeps nothing for that.

    Whoever may close a settlement may do so. Raises MonthClosed.
    """
    with recorded(acting_user):
        unpaid = settlement.lines.filter(kind=SettlementLineKind.UNPAID)
        amount = unpaid.aggregate(sum=Sum("amount"))["sum"]
        if not amount:
            return None
        lease, day = settlement.lease, settlement.on
        assert day is not None
        check_open(lease.site.lessor_id, day)
        locked(lease.site.lessor_id, lease.company_id)
        payment = Payment.objects.create(
            number=numbers.next_number(lease.site.lessor, numbers.PAYMENT),
            lessor_id=lease.site.lessor_id,
            site=lease.site,
            company=lease.company,
            method=PaymentMethod.DEPOSIT,
            received_on=day,
            amount=amount,
            reference=lease.number,
            settlement=settlement,
            made_at=timezone.now(),
            acting_user=acting_user,
        )
        write_allocations(
            _oldest_first(payment, settlement), acting_user=acting_user, made_at=payment.made_at
        )
    return payment


def put_back(
    *, settlement: DepositSettlement, reason: str, acting_user: User | None
) -> Refund | None:
    """The settlement was a mistake: what it kept for unpaid rent settles nothing any more and is
    the deposit's again. None: it kept nothing for that. Raises KeptGivenBack."""
    with recorded(acting_user, reason=reason):
        payment = Payment.objects.filter(settlement=settlement).first()
        if payment is None:
            return None
        check_open(payment.lessor_id, today())
        locked(payment.lessor_id, payment.company_id)
        given_back = payment.refunds.first()
        if given_back is not None:
            raise KeptGivenBack(number=payment.number, refund=given_back.number)
        now = timezone.now()
        day, why = today(), reason.strip()
        take_all_back([payment], on=day, made_at=now, reason=why, acting_user=acting_user)
        return Refund.objects.create(
            number=numbers.next_number(payment.lessor, numbers.REFUND),
            payment=payment,
            amount=payment.amount,
            on=day,
            method=PaymentMethod.DEPOSIT,
            by_mistake=True,
            reason=why,
            made_at=now,
            acting_user=acting_user,
        )


def _oldest_first(payment: Payment, settlement: DepositSettlement) -> list[Row]:
    invoices = Invoice.objects.filter(
        site=payment.site_id, company=payment.company_id, kind=InvoiceKind.INVOICE
    )
    of_others = Case(When(lease=settlement.lease_id, then=Value(0)), default=Value(1))
    opened = with_open(invoices).filter(open__gt=0).order_by(of_others, "due_on", "id")
    left = payment.amount
    rows: list[Row] = []
    for pk, issued_on, wanted in opened.values_list("pk", "issued_on", "open"):
        if left <= ZERO:
            break
        share = Share(pk, min(left, wanted))
        rows.append((payment, share, max(payment.received_on, issued_on)))
        left -= share.amount
    return rows
