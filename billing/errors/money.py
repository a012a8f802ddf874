"""What can be refused about payments, cheques, credit and what is withheld."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class BadAmount(InvalidInput):
    code = "bad_amount"
    text = _("Give an amount above zero, in dirhams and centimes.")
    field = "amount"


class BadDay(InvalidInput):
    code = "bad_day"
    text = _("Give a day from %(first)s to %(last)s.")
    field = "on"


class BadMethod(InvalidInput):
    code = "bad_method"
    text = _("This cannot be done by « %(method)s ».")
    field = "method"


class ReceivedLater(InvalidInput):
    code = "received_later"
    text = _("This day is still to come: give the day on which the money came in.")
    field = "received_on"


class CashLimit(InvalidInput):
    code = "cash_limit"
    text = _(
        "Invoice %(number)s would be paid by %(cash)s MAD in cash: the law wants less than "
        "%(limit)s in total."
    )
    field = "shares"


class MoreThanOpen(InvalidInput):
    code = "more_than_open"
    text = _("Only %(open)s MAD are open of %(number)s.")
    field = "shares"


class MoreThanFree(InvalidInput):
    code = "more_than_free"
    text = _("Only %(free)s MAD of %(number)s are free.")
    field = "shares"


class OtherAccount(InvalidInput):
    code = "other_account"
    text = _("%(number)s is of another company or lessor.")
    field = "shares"


class NotSettledBy(DomainError):
    code = "not_settled_by"
    text = _("Only %(amount)s MAD of %(number)s are settled by that.")


class NothingFree(DomainError):
    code = "nothing_free"
    text = _("Nothing of %(number)s is free.")


class NothingOwed(DomainError):
    code = "nothing_owed"
    text = _("Nothing is open of this company here.")


class PaymentGivenBack(DomainError):
    code = "payment_given_back"
    text = _("Something of %(number)s was given back by %(refund)s: it cannot be undone any more.")


class NotWithheld(DomainError):
    code = "not_withheld"
    text = _("%(number)s was not withheld: only what is withheld has a certificate.")


class CertificateAwaited(DomainError):
    code = "certificate_awaited"
    text = _("The certificate of %(number)s is awaited: enter its number and day first.")


class NotACheque(DomainError):
    code = "not_a_cheque"
    text = _("%(number)s is no cheque.")


class ChequeOver(DomainError):
    code = "cheque_over"
    text = _("Cheque %(number)s is « %(state)s »: this cannot be done any more.")


class ChequeNotCleared(DomainError):
    code = "cheque_not_cleared"
    text = _("Cheque %(number)s is not cleared: it can only be handed back whole.")


class ChequeGivenBack(DomainError):
    code = "cheque_given_back"
    text = _(
        "Cheque %(number)s was given back by %(refund)s, or a part of it: nothing more happens."
    )


class KeptGivenBack(DomainError):
    code = "kept_given_back"
    text = _(
        "What was kept for unpaid rent is payment %(number)s, of which refund %(refund)s gave"
        " something back: it cannot be taken back any more."
    )
