"""An amendment's page: what it changes, what that brings month by month; sign it or drop it."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.periods import today
from leases.admin.acts import DayForm
from leases.admin.lettings import charge_in_words, terms_in_words
from leases.choices import AmendmentState
from leases.differences import charge_pairs, letting_pairs, months_compared
from leases.models import Amendment
from leases.selectors.statements import vat_table
from leases.services.amendments import drop_amendment, sign_amendment
from leases.terms import from_json
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import day_column, language
from sites.admin.scoping import acting
from sites.admin.work import work

MONTHS_SHOWN: Final = 12


def _is_draft(amendment: Amendment) -> bool:
    return amendment.state == AmendmentState.DRAFT


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    related = ("lease", "lease__company", "lease__site", "acting_user")
    list_display = ("lease", "number", "kind", "state", "effective", "signed", "reason")
    list_filter = ("state", "kind", "lease__site")
    search_fields = ("lease__number", "lease__company__name_key")
    search_help_text = _("Lease or company")
    ordering = ("-id",)
    actions_detail = ("sign", "drop")
    exported = ("lease__number", "number", "kind", "state", "effective_on", "signed_on", "reason")
    fields = (
        ("lease", "number", "state"),
        ("kind", "effective_on", "signed_on"),
        ("reason", "acting_user"),
        "changes",
        "months",
    )
    readonly_fields = ("changes", "months")
    effective = day_column("effective_on", _("takes effect on"))
    signed = day_column("signed_on", _("signed on"))

    @admin.display(description=_("what changes"))
    def changes(self, amendment: Amendment) -> SafeString:
        before, after = from_json(amendment.before), from_json(amendment.after)
        return render_to_string(
            "leases/admin/changes.html",
            {
                "before": before,
                "after": after,
                "lettings": [
                    (pair, terms_in_words(pair.before), terms_in_words(pair.after))
                    for pair in letting_pairs(before, after)
                    if pair.changed
                ],
                "charges": [
                    (pair, charge_in_words(pair.before), charge_in_words(pair.after))
                    for pair in charge_pairs(before, after)
                    if pair.changed
                ],
            },
        )

    @admin.display(description=_("rent and charges, month by month"))
    def months(self, amendment: Amendment) -> SafeString:
        compared = months_compared(
            from_json(amendment.before),
            from_json(amendment.after),
            first=amendment.effective_on,
            count=MONTHS_SHOWN,
            vat=vat_table(amendment.lease.site.lessor_id),
        )
        return render_to_string(
            "leases/admin/months.html",
            {"months": [(formats.month(each.month, language()), each) for each in compared]},
        )

    @work(_("Sign"), path="sign", right=Action.SIGN, icon="signature", when=_is_draft)
    def sign(self, request: HttpRequest, amendment: Amendment) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            signed = sign_amendment(
                amendment=amendment, signed_on=given["day"], acting_user=acting(request)
            )
            return gettext("Amendment %(number)s is signed.") % {"number": signed.number}

        return self.work_page(
            request,
            amendment,
            act=act,
            form_class=DayForm,
            initial={"day": today()},
            title=_("Sign"),
            submit=_("Sign"),
            hint=_("From now on these are the lease's terms; spaces are booked and freed at once."),
        )

    @work(_("Drop"), path="drop", right=Action.CHANGE, icon="delete", when=_is_draft)
    def drop(self, request: HttpRequest, amendment: Amendment) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            drop_amendment(amendment=amendment, acting_user=acting(request))
            return gettext("The draft is dropped; the lease stays as it is.")

        return self.work_page(
            request, amendment, act=act, title=_("Drop"), submit=_("Drop the draft")
        )
