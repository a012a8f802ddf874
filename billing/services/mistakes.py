"""A payment that was never made is taken out of the books again, with all that came with it."""

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.rights import Action
from billing.choices import BankLineState, ChequeState, PaymentMethod
from billing.errors.money import BadMethod, ChequeOver, PaymentGivenBack
from billing.models import BankLine, Payment, Refund
from billing.services import numbers
from billing.services.accounts import locked
from billing.services.allocating import take_all_back
from billing.services.closing import check_open
from core.history import recorded
from core.periods import today
from leases.errors import ReasonNeeded
from sites.permissions import require


def undo_payment(*, payment: Payment, reason: str, acting_user: User | None) -> list[Refund]:
    """The payment was entered by mistake: what it settled, and what was withheld with it, is open
    again from today on, and it is given back whole, by the way that it was said to have come. The
    stamp duty of cash goes with it: none was collected. The bank's line that it came of waits
    again.

    Raises ReasonNeeded, BadMethod, ChequeOver, PaymentGivenBack, MonthClosed, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    reason, day = reason.strip(), today()
    with recorded(acting_user, reason=reason):
        lines = _held_lines(payment)
        check_open(payment.lessor_id, day)
        locked(payment.lessor_id, payment.company_id)
        require(acting_user, Action.CHANGE, "payment", payment.site_id)
        if payment.method == PaymentMethod.DEPOSIT:  # its settlement brought it, and takes it back
            raise BadMethod(method=PaymentMethod.DEPOSIT.label)
        if Payment.objects.void().filter(pk=payment.pk).exists():
            cheque = payment.withheld_with or payment
            raise ChequeOver(number=cheque.number, state=ChequeState.BOUNCED.label)
        sources = _standing(payment)
        now = timezone.now()
        take_all_back(sources, on=day, made_at=now, reason=reason, acting_user=acting_user)
        lessor = payment.site.lessor
        made = [
            Refund.objects.create(
                number=numbers.next_number(lessor, numbers.REFUND),
                payment=source,
                amount=source.amount,
                on=day,
                method=source.method,
                by_mistake=True,
                reason=reason,
                made_at=now,
                acting_user=acting_user,
            )
            for source in sources
        ]
        for line in lines:
            line.state, line.payment, line.note = BankLineState.NEW, None, ""
            line.acting_user = acting_user
            line.save(update_fields=["state", "payment", "note", "acting_user"])
    return made


def _held_lines(payment: Payment) -> list[BankLine]:
    """The bank's lines that it came of or was seen on. Before the account: who matches a line holds
    it first, then the account."""
    rows = BankLine.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(Q(pk=payment.bank_line_id) | Q(payment=payment)).order_by("pk"))


def _standing(payment: Payment) -> list[Payment]:
    """The payment, and what was withheld with it, but for what was found a mistake before. Raises
    PaymentGivenBack where something of it went back as credit, as if it had come."""
    all_of = [payment, *payment.withheld.order_by("pk")]
    refunds = Refund.objects.filter(payment__in=all_of).order_by("pk")
    for refund in refunds:
        if not refund.by_mistake or refund.payment_id == payment.pk:
            raise PaymentGivenBack(number=payment.number, refund=refund.number)
    gone = {refund.payment_id for refund in refunds}
    return [one for one in all_of if one.pk not in gone]
