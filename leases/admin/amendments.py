"""An amendment's page: what it changes, what that brings month by month; sign it or drop it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core.periods import today
from leases.admin.act_forms import DayForm
from leases.admin.comparing import in_words
from leases.admin.lettings import charge_in_words, terms_in_words
from leases.admin.own_page import OwnPages
from leases.choices import AmendmentState
from leases.differences import charge_pairs, letting_pairs
from leases.models import Amendment, LeaseVersion
from leases.selectors.comparing import compared
from leases.services.amendments import drop_amendment, sign_amendment
from leases.terms import from_json
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import badge, day_column
from sites.admin.scoping import acting
from sites.admin.work import work

BADGES: Final[Mapping[str, str]] = {AmendmentState.DRAFT: "info", AmendmentState.SIGNED: "success"}


def _is_draft(amendment: Amendment) -> bool:
    return amendment.state == AmendmentState.DRAFT


@admin.register(Amendment)
class AmendmentAdmin(OwnPages, ReadOnlyAdmin):
    related = ("lease__company", "lease__site", "base", "acting_user")
    list_display = ("lease", "number", "kind", "state", "effective", "signed", "reason")
    list_filter = ("state", "kind", "lease__site")
    search_fields = ("lease__number", "lease__company__name_key")
    search_help_text = _("Lease or company")
    ordering = ("-id",)
    actions_detail = ("sign", "drop")
    exported = ("lease__number", "number", "kind", "state", "effective_on", "signed_on", "reason")
    page_template = "leases/admin/amendment.html"
    effective = day_column("effective_on", _("takes effect on"))
    signed = day_column("signed_on", _("signed on"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("file.css", "lease.css")}

    def told(self, request: HttpRequest, row: Amendment) -> dict[str, Any]:
        before, after = from_json(row.before), from_json(row.after)
        draft = _is_draft(row)
        found = compared(row.lease, before, after, row.effective_on, still=draft)
        return {
            "title": str(row),
            "subtitle": str(row.lease.company),
            "amendment": row,
            "badge": badge(row.get_state_display(), BADGES.get(row.state)),
            "acts": self.acts(request, row),
            "overtaken": draft
            and LeaseVersion.objects.filter(
                lease=row.lease_id, version__gt=row.base.version
            ).exists(),
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
            "compared": found,
            "shown": in_words(found, request.user),
        }

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
