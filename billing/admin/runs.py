"""Rent runs: their list, and the page of each from the preview to the last invoice."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.run_forms import IssueForm, ItemForm, LeaveOutForm, RunForm
from billing.choices import Anomaly, Change, ItemState, RunState
from billing.models import RentRun, RunItem
from billing.selectors.parties import missing_marks, seller_of
from billing.selectors.run_page import Filter, RunPage
from billing.selectors.totals import preview_of
from billing.services import issuing, runs
from billing.telling import in_words
from core import formats
from core.forms import whole_number
from core.periods import add_months, first_of_month, today
from leases.admin.own_page import OwnPages
from sites.admin.base import ScopedAdmin
from sites.admin.columns import badge, language
from sites.admin.scoping import acting
from sites.admin.work import work

BADGES: Final[Mapping[str, str]] = {
    RunState.COMPUTING: "info",
    RunState.DRAFT: "warning",
    RunState.ISSUING: "info",
    RunState.PAUSED: "warning",
    RunState.ISSUED: "success",
    ItemState.FAILED: "danger",
    ItemState.CHANGED: "danger",
    ItemState.LEFT_OUT: "warning",
}


def _in(*states: RunState) -> Any:
    return lambda run: run.state in states


@admin.register(RentRun)
class RentRunAdmin(OwnPages, ScopedAdmin):
    """Added by a site and a month; everything after that is an act."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    form = RunForm
    related = ("site__lessor", "drafted_by", "issued_by")
    list_display = ("month_named", "site", "standing", "done", "drafted_by", "issued_by")
    list_filter = ("state", "site")
    ordering = ("-month", "site")
    add_fieldsets = (
        (
            None,
            {
                "fields": (("site", "month"),),
                "description": _("Everything that falls due by the month's last day."),
            },
        ),
    )
    exported = ("site__code", "month", "state", "leases", "drafted_at", "issued_at")
    page_template = "billing/admin/run.html"
    actions_detail = ("issue", "pause", "look_again", "leave_out_anomalies", "leave_out",
                      "take_in", "drop")  # fmt: skip

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {
            "all": ("file.css", "lease.css", "billing.css")
        }

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        month = add_months(first_of_month(today()), 1)
        return {"month": month, **super().get_changeform_initial_data(request)}

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One button: a run goes on on its own page."""
        alone = {"show_save_and_add_another": False, "show_save_and_continue": False}
        answer: HttpResponse = super().add_view(
            request, form_url, {**alone, **(extra_context or {})}
        )
        return answer

    def save_model(self, request: HttpRequest, obj: RentRun, form: Any, change: bool) -> None:
        user = acting(request)
        if obj.site_id is not None:
            made = [runs.draft_run(site=obj.site, month=obj.month, acting_user=user)]
        else:
            made = runs.draft_runs(month=obj.month, acting_user=user)
        obj.pk, obj.site = made[0].pk, made[0].site
        obj._state.adding = False

    def response_add(
        self, request: HttpRequest, obj: RentRun, post_url_continue: str | None = None
    ) -> HttpResponse:
        """On to its own page, where its progress shows; of all sites, to their list."""
        if not request.POST.get("site"):
            return redirect("admin:billing_rentrun_changelist")
        return redirect("admin:billing_rentrun_change", obj.pk)

    def told(self, request: HttpRequest, row: RentRun) -> dict[str, Any]:
        asked = Filter.read(request.GET)
        page = RunPage(row, asked, request.GET.get("p", "1"))
        month = formats.month(row.month, language())
        return {
            "title": f"{row.site} · {month}",
            "subtitle": month,
            "run": row,
            "month": month,
            "seller_lacks": ", ".join(missing_marks(seller_of(row.site.lessor))),
            "page": page,
            "asked": asked,
            "badge": badge(row.get_state_display(), BADGES.get(row.state)),
            "moving": row.state in {RunState.COMPUTING, RunState.ISSUING},
            "acts": [act for act in self.acts(request, row) if "item" not in act["path"]],
            "may_change": row.state in {RunState.DRAFT, RunState.PAUSED}
            and self.allows(request, Action.CHANGE, row),
            "states": [
                (state, page.totals[state], urlencode({"state": state.value}))
                for state in ItemState
                if page.totals[state].leases
            ],
            "chips": _chips(page),
            "kept": _kept(asked),
            "rows": [_row(item) for item in page.page],
        }

    # --- Columns --------------------------------------------------------------------------------
    @admin.display(description=_("month"), ordering="month")
    def month_named(self, run: RentRun) -> str:
        return formats.month(run.month, language())

    @admin.display(description=_("state"), ordering="state")
    def standing(self, run: RentRun) -> str:
        return badge(run.get_state_display(), BADGES.get(run.state))

    @admin.display(description=_("leases looked at"))
    def done(self, run: RentRun) -> str:
        return f"{run.looked_at} / {run.leases}"

    # --- Acts -----------------------------------------------------------------------------------
    @work(
        _("Issue the invoices"),
        path="issue",
        right=Action.ISSUE,
        icon="send",
        when=_in(RunState.DRAFT, RunState.PAUSED),
    )
    def issue(self, request: HttpRequest, run: RentRun) -> HttpResponse:
        billed = RunPage(run, Filter(), "1").totals[ItemState.PROPOSED]

        def act(given: dict[str, Any]) -> str:
            issuing.start_issuing(run=run, acting_user=acting(request), preview=given["preview"])
            return gettext("The invoices are being issued.")

        count = ngettext("%(count)s lease", "%(count)s leases", billed.leases)
        hint = gettext(
            "%(leases)s: %(net)s without tax, %(vat)s VAT. Issued documents are never changed; what"
            " has changed since the preview is not issued."
        ) % {
            "leases": count % {"count": billed.leases},
            "net": formats.money(billed.net, language()),
            "vat": formats.money(billed.vat, language()),
        }
        title = _("Issue the invoices")
        return self.work_page(
            request,
            run,
            act=act,
            form_class=IssueForm,
            form_kwargs={"run": run},
            initial={"preview": preview_of(run)},
            title=title,
            submit=title,
            hint=hint,
        )

    @work(_("Pause"), path="pause", right=Action.ISSUE, icon="pause", when=_in(RunState.ISSUING))
    def pause(self, request: HttpRequest, run: RentRun) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            issuing.pause(run=run, acting_user=acting(request))
            return gettext("Nothing more is issued until you go on.")

        return self.work_page(request, run, act=act, title=_("Pause"), submit=_("Pause"))

    @work(
        _("Look again"),
        path="look-again",
        right=Action.CHANGE,
        icon="refresh",
        when=_in(RunState.DRAFT, RunState.PAUSED),
    )
    def look_again(self, request: HttpRequest, run: RentRun) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            runs.look_again(run=run, acting_user=acting(request))
            return gettext("What is not issued is computed anew.")

        return self.work_page(
            request,
            run,
            act=act,
            title=_("Look again"),
            submit=_("Look again"),
            hint=_("What is issued stays; what was left out stays out."),
        )

    @work(
        _("Leave out all anomalies"),
        path="leave-out-anomalies",
        right=Action.CHANGE,
        icon="filter_alt",
        when=_in(RunState.DRAFT, RunState.PAUSED),
    )
    def leave_out_anomalies(self, request: HttpRequest, run: RentRun) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            count = runs.leave_out_anomalies(run=run, acting_user=acting(request))
            text = ngettext("%(count)s lease is left out.", "%(count)s leases are left out.", count)
            return text % {"count": count}

        title = _("Leave out all anomalies")
        return self.work_page(request, run, act=act, title=title, submit=title)

    @work(
        _("Leave out"),
        path="leave-out-item",
        right=Action.CHANGE,
        when=_in(RunState.DRAFT, RunState.PAUSED),
    )
    def leave_out(self, request: HttpRequest, run: RentRun) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            item = given["lease"]
            runs.leave_out(item=item, reason=given["reason"], acting_user=acting(request))
            return gettext("Lease %(number)s is left out.") % {"number": item.lease.number}

        return self.work_page(
            request,
            run,
            act=act,
            form_class=LeaveOutForm,
            form_kwargs={"run": run},
            initial=_asked_for(request, run),
            title=_("Leave out"),
            submit=_("Leave out"),
            then=self._place_of(request, run),
        )

    @work(
        _("Take in"),
        path="take-in-item",
        right=Action.CHANGE,
        when=_in(RunState.DRAFT, RunState.PAUSED),
    )
    def take_in(self, request: HttpRequest, run: RentRun) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            runs.take_in(item=given["lease"], acting_user=acting(request))
            number = given["lease"].lease.number
            return gettext("Lease %(number)s is taken in.") % {"number": number}

        return self.work_page(
            request,
            run,
            act=act,
            form_class=ItemForm,
            form_kwargs={"run": run},
            initial=_asked_for(request, run),
            title=_("Take in"),
            submit=_("Take in"),
            then=self._place_of(request, run),
        )

    @work(
        _("Drop"),
        path="drop",
        right=Action.CHANGE,
        icon="delete",
        when=_in(RunState.COMPUTING, RunState.DRAFT, RunState.PAUSED),
    )
    def drop(self, request: HttpRequest, run: RentRun) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            runs.drop_run(run=run, acting_user=acting(request))
            return gettext("The run is closed; what was issued stays.")

        return self.work_page(request, run, act=act, title=_("Drop"), submit=_("Drop the run"))

    def _place_of(self, request: HttpRequest, run: RentRun) -> str:
        """Where the link to the act stood: the same leases are shown again."""
        number = whole_number(request.GET.get("p", "")) or 1
        return f"{self.address_of(run)}?{_kept(Filter.read(request.GET))}p={number}#leases"


def _asked_for(request: HttpRequest, run: RentRun) -> dict[str, str]:
    """The lease whose row the link stands in."""
    rows = run.items.select_related("lease").filter(pk=whole_number(request.GET.get("item")))
    item = rows.first()
    return {"lease": item.lease.number} if item is not None else {}


def _chips(page: RunPage) -> list[tuple[str, int, str, bool]]:
    """What was found, with how many leases, the address that shows them, and whether it does."""
    told: list[tuple[str, int, str, bool]] = []
    for name, words, asked in (
        ("change", Change, page.asked.change),
        ("anomaly", Anomaly, page.asked.anomaly),
    ):
        told += [
            (str(word.label), page.found[word], urlencode({name: word.value}), asked == word)
            for word in words
            if word in page.found
        ]
    return told


def _kept(asked: Filter) -> str:
    """What a link to another page of the leases takes along."""
    kept = urlencode({name: word for name, word in asdict(asked).items() if word})
    return f"{kept}&" if kept else ""


def _row(item: RunItem) -> dict[str, Any]:
    return {
        "item": item,
        "badge": badge(item.get_state_display(), BADGES.get(item.state)),
        "changes": [Change(word).label for word in item.changes],
        "anomalies": [Anomaly(word).label for word in item.anomalies],
        "lines": in_words(item.proposal, language()),
        "waits": item.state == ItemState.PROPOSED,
        "left_out": item.state == ItemState.LEFT_OUT,
    }
