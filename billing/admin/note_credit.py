"""What is done with the company's credit of a credit note: it settles other invoices, or is given
back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.payment_forms import RefundForm
from billing.choices import InvoiceKind, PaymentMethod
from billing.errors.money import NothingOwed
from billing.models import Invoice
from billing.services.allocating import allocate_oldest_first, free_of
from billing.services.refunds import refund
from core import formats
from core.money import ZERO
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkPages, work


def has_credit(note: Invoice) -> bool:
    return note.kind == InvoiceKind.CREDIT_NOTE and free_of(note) > ZERO


class NoteCredit(WorkPages):
    """To stand before the admin class of invoices; the names of its pages are `NOTE_ACTS`."""

    NOTE_ACTS = ("use_credit", "give_back")

    @work(_("Settle invoices"), path="use-credit", right=Action.CHANGE, icon="done_all",
          when=has_credit, resource="payment")  # fmt: skip
    def use_credit(self, request: HttpRequest, note: Invoice) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            made = allocate_oldest_first(source=note, acting_user=acting(request))
            if not made:
                raise NothingOwed
            settled = sum((row.amount for row in made), ZERO)
            text = gettext("%(amount)s of its credit settle invoices now.")
            return text % {"amount": formats.money(settled, language())}

        hint = _("%(free)s are free. Proposed is the oldest first.")
        return self.work_page(
            request,
            note,
            act=act,
            title=_("Settle invoices"),
            submit=_("Settle invoices"),
            hint=hint % {"free": formats.money(_free(note), language())},
        )

    @work(_("Give back"), path="give-back", right=Action.CHANGE, icon="currency_exchange",
          when=has_credit, resource="payment")  # fmt: skip
    def give_back(self, request: HttpRequest, note: Invoice) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            method = PaymentMethod(given.pop("method"))
            made = refund(source=note, method=method, acting_user=acting(request), **given)
            return gettext("Refund %(number)s is entered.") % {"number": made.number}

        return self.work_page(
            request,
            note,
            act=act,
            form_class=RefundForm,
            form_kwargs={"came": None},
            initial={"amount": _free(note)},
            title=_("Give back"),
            submit=_("Enter the refund"),
        )


def _free(note: Invoice) -> Any:
    return free_of(note) if note.kind == InvoiceKind.CREDIT_NOTE else ZERO
