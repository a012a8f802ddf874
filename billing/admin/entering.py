"""Payment entry, made for the keyboard: who, how much, Enter, and the next one.

As one types, the page asks for suggestions and for what the payment would settle; without scripts
the first « Save » shows that, and the second saves. What is saved is what was shown: a payment sent
twice by a slip of the hand is entered once, and one that looks like another wants to be seen.
"""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.company_asked import CompanyAsked, suggestions
from billing.admin.shares import Shares, read, shown
from billing.choices import ENTERED, PaymentMethod
from billing.errors.bank import SiteUnknown
from billing.models import Payment
from billing.selectors.paying import site_of_debt, twin_of
from billing.selectors.withholding import items_for
from billing.services.accounts import locked
from billing.services.payments import record_payment, stamp_duty_on
from billing.sharing import oldest_first
from core import formats
from core.errors import DomainError, Stale
from core.forms import DayFormField, DecimalFormField
from core.money import ZERO
from core.periods import today
from sites.admin.columns import language
from sites.admin.scoping import ScopedRows, acting
from sites.admin.work import refuse
from sites.models import Site
from sites.scopes import scope_of
from tenants.models import Company

KEPT: Final = ("site", "method", "received_on")
"""What the next payment most likely has in common with the last; the site only where somebody chose
one."""
PROPOSAL: Final = "proposal"
"""What the payment would settle, by the id of its element."""
_LAST: Final = 5


class EntryForm(CompanyAsked):
    amount = DecimalFormField(label=_("amount, DH"), max_digits=14, decimal_places=2, min_value=0)
    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("site"), required=False, empty_label=_("where it owes longest")
    )
    method = forms.ChoiceField(label=_("method"), choices=ENTERED)
    received_on = DayFormField(label=_("received on"), initial=today)
    reference = forms.CharField(
        label=_("reference or cheque number"), max_length=80, required=False
    )
    bank = forms.CharField(label=_("bank of the cheque"), max_length=80, required=False)
    payer = forms.CharField(
        label=_("payer"),
        max_length=200,
        required=False,
        help_text=_("Where it is not the company itself."),
    )
    note = forms.CharField(label=_("note"), max_length=300, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.scope = scope_of(user, Action.ADD, "payment")
        site: Any = self.fields["site"]
        site.queryset = Site.objects.within(self.scope).select_related("lessor")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("company") is not None and "site" in given and given["site"] is None:
            given["site"] = site_of_debt(given["company"], self.scope) or self._only_site
            if given["site"] is None:
                self.add_error("site", SiteUnknown.text)
        return given

    @property
    def _only_site(self) -> Site | None:
        field: Any = self.fields["site"]
        sites = list(field.queryset[:2])
        return sites[0] if len(sites) == 1 else None

    @property
    def tells_whose(self) -> bool:
        """What is open can be shown, though perhaps no amount is said yet."""
        return {"company", "site", "method", "received_on"} <= self.cleaned_data.keys()


class PaymentEntry(ScopedRows):
    """To stand before the admin class of payments: its page of adding."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        user = acting(request)
        posted = request.method == "POST"
        htmx: Any = getattr(request, "htmx", None)
        if (suggested := suggestions(request)) is not None:
            return suggested
        # From a company's account one comes with its name.
        first = {name: request.GET[name] for name in ("company", *KEPT) if name in request.GET}
        form = EntryForm(request.POST if posted else None, initial=first, user=user)
        complete = posted and form.is_valid()
        entry = _Entry(form, request.POST) if posted and form.tells_whose else None
        if posted and htmx and htmx.target == PROPOSAL:
            context = {"form": form, "entry": entry}
            return TemplateResponse(request, "billing/admin/proposal.html", context)
        if complete and entry is not None and entry.was_shown and not entry.shares.wrong:
            try:
                payment = entry.save(user)
            except (DomainError, ValidationError) as refusal:
                entry = _Entry(form, request.POST)
                refuse(form, refusal)  # which takes a wrong field out of what is given
            else:
                messages.success(request, _told(payment, entry))
                kept = {name: request.POST.get(name, "") for name in KEPT}
                here = reverse("admin:billing_payment_add")
                return redirect(f"{here}?{urlencode(kept)}")
        pages: Any = self
        return TemplateResponse(
            request,
            "billing/admin/entry.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Enter payments"),
                "subtitle": None,
                "opts": self.opts,
                "media": pages.media + form.media,
                "form": form,
                "entry": entry,
                "last": self.rows(request)
                .filter(acting_user=user.pk, withheld_with=None)
                .select_related("company")
                .order_by("-pk")[:_LAST],
                **(extra_context or {}),
            },
        )


class _Entry:
    """A payment that could be entered, with the shares that the page shows."""

    def __init__(self, form: EntryForm, sent: QueryDict) -> None:
        self.given: Mapping[str, Any] = form.cleaned_data
        self.company: Company = self.given["company"]
        self.site: Site = self.given["site"]
        self.method = method = PaymentMethod(self.given["method"])
        self.of = of = (self.site.lessor_id, self.company.pk)
        scope = form.scope
        day, amount = self.given["received_on"], self.given.get("amount") or ZERO
        self.twin = twin_of(*of, method, amount, day)
        """Perhaps the same: in the key, so that it is seen before another is entered."""
        told = (
            *of,
            self.site.pk,
            method.value,
            amount,
            day,
            self.twin.pk if self.twin is not None else "",
        )
        self.key = "/".join(str(each) for each in told)
        """What the shares follow from: they are saved only for what they were shown for."""
        self.items = items_for(method, *of, day, scope=scope)
        typed = read(self.items, sent) if sent.get("shown") == self.key else None
        # What somebody else settled meanwhile is not left out silently: all is shown anew.
        self.was_shown = typed is not None and not typed.gone
        self.shares: Shares = (
            typed
            if typed is not None and self.was_shown
            else shown(self.items, oldest_first(amount, self.items))
        )
        self.over = amount - self.shares.used
        self.stamp = stamp_duty_on(amount) if method == PaymentMethod.CASH else ZERO
        self.to_collect = amount + self.stamp

    @property
    def elsewhere(self) -> list[Site]:
        """The sites of what is open, where nothing of it is at the one that was chosen."""
        sites = {row.invoice.site for row in self.shares.rows}
        return [] if self.site in sites else sorted(sites, key=lambda site: site.code)

    @property
    def said_elsewhere(self) -> str:
        return formats.listed([site.code for site in self.elsewhere], language())

    def save(self, user: Any) -> Payment:
        """Of the same form sent twice at once the second waits for the first. Raises Stale."""
        names = ("amount", "received_on", "reference", "bank", "payer", "note")
        with transaction.atomic():
            locked(*self.of)
            day, amount = self.given["received_on"], self.given["amount"]
            if twin_of(*self.of, self.method, amount, day) != self.twin:
                raise Stale
            return record_payment(
                site=self.site,
                company=self.company,
                method=self.method,
                shares=self.shares.portions,
                acting_user=user,
                **{name: self.given[name] for name in names},
            )


def _told(payment: Payment, entry: _Entry) -> str:
    link = format_html(
        '<a class="staff-link" href="{}"><bdi>{}</bdi></a>',
        reverse("admin:billing_payment_change", args=[payment.pk]),
        payment.number,
    )
    amount = formats.money(payment.amount, language())
    if entry.over > ZERO:
        text = pgettext(
            "payment", "%(number)s: %(amount)s of %(company)s, of which %(over)s stay credit."
        )
    else:
        text = gettext("%(number)s: %(amount)s of %(company)s.")
    return format_html(
        text.replace("%(", "{").replace(")s", "}"),
        number=link,
        amount=amount,
        company=payment.company.name,
        over=formats.money(entry.over, language()),
    )
