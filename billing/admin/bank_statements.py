"""Bank statements: their list, and the page of each, where its lines are matched."""

from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from billing.admin.bank_lines import CSS, ReasonForm, card
from billing.admin.bank_upload import add_page
from billing.choices import BankLineState
from billing.models import BankStatement
from billing.selectors.bank_page import Group, StatementPage
from billing.services import matching
from billing.services.statements import Imported
from leases.admin.own_page import OwnPages
from sites.admin.base import ScopedAdmin
from sites.admin.columns import day_column
from sites.admin.scoping import acting
from sites.admin.work import work

GROUPS: Final = {
    Group.SURE: _("sure"),
    Group.DOUBTFUL: _("doubtful"),
    Group.UNKNOWN: _("unknown"),
    Group.DONE: pgettext_lazy("bank lines", "done"),
}
WAITING: Final = (Group.SURE, Group.DOUBTFUL, Group.UNKNOWN)
"""In the order in which one works through them."""


@admin.register(BankStatement)
class BankStatementAdmin(OwnPages, ScopedAdmin):
    """Added by a file; everything after that is an act on its lines."""

    offered = frozenset({Action.VIEW, Action.ADD, Action.EXPORT})
    related = ("lessor", "acting_user")
    list_display = ("name", "lessor", "bank_account", "progress", "seen_before", "read_on")
    list_filter = ("lessor", "format")
    search_fields = ("name", "bank_account")
    search_help_text = _("File or account")
    ordering = ("-id",)
    exported = ("name", "lessor__code", "format", "bank_account", "opening", "closing",
                "seen_before", "made_at")  # fmt: skip
    page_template = "billing/admin/bank_statement.html"
    actions_detail = ("accept_sure", "set_aside")
    read_on = day_column("made_at", _("read"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = CSS

    def listed(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        waiting = Count("lines", filter=Q(lines__state=BankLineState.NEW))
        counted: QuerySet[Any] = rows.annotate(line_count=Count("lines"), waiting_count=waiting)
        return counted

    @admin.display(description=_("lines done"))
    def progress(self, statement: Any) -> str:
        return f"{statement.line_count - statement.waiting_count} / {statement.line_count}"

    def list_address(self) -> str:
        return reverse("admin:billing_bankstatement_changelist")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            made = add_page(self, request)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("admin:billing_bankstatement_add")
        if not isinstance(made, Imported):
            return made
        messages.success(request, _told_of(made))
        return redirect(self.address_of(made.statement))

    def told(self, request: HttpRequest, row: BankStatement) -> dict[str, Any]:
        page = StatementPage(row, request.GET.get("group", ""), request.GET.get("p", "1"))
        done = len(page.groups[Group.DONE])
        return {
            "title": row.name,
            "subtitle": str(row.lessor),
            "statement": row,
            "page": page,
            "done": done,
            "may_match": self.allows(request, Action.CHANGE, row),
            "sure": len(page.groups[Group.SURE]),
            "accept_sure": reverse("admin:billing_bankstatement_accept_sure", args=[row.pk]),
            "set_aside": reverse("admin:billing_bankstatement_set_aside", args=[row.pk]),
            "groups": [
                (group, GROUPS[group], len(page.groups[group]), group == page.group)
                for group in Group
            ],
            "rows": [card(shown) for shown in page.shown],
            "some_went_out": page.group == Group.UNKNOWN
            and any(shown.line.amount < 0 for shown in page.shown),
            "onward": next((group for group in WAITING if page.groups[group]), None),
            "back_to": urlencode({"group": page.group.value}),
        }

    @work(_("Accept all sure"), path="accept-sure", right=Action.CHANGE, icon="done_all")
    def accept_sure(self, request: HttpRequest, statement: BankStatement) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            accepted = matching.accept_all_sure(statement=statement, acting_user=acting(request))
            for line, why in accepted.refused:
                messages.warning(
                    request,
                    gettext("Line %(line)s: %(reason)s") % {"line": line.position, "reason": why},
                )
            done = ngettext("%(count)s line is accepted.", "%(count)s lines are accepted.",
                            accepted.done)  # fmt: skip
            return done % {"count": accepted.done}

        return self.work_page(
            request,
            statement,
            act=act,
            title=_("Accept all sure"),
            submit=_("Accept all sure"),
            hint=_("Each line that is sure becomes what it is proposed to be; the others wait."),
        )

    @work(_("Set aside"), path="set-aside", right=Action.CHANGE, icon="block")
    def set_aside(self, request: HttpRequest, statement: BankStatement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            count = matching.set_all_aside(
                statement=statement, reason=given["reason"], acting_user=acting(request)
            )
            done = ngettext("%(count)s line is set aside.", "%(count)s lines are set aside.", count)
            return done % {"count": count}

        return self.work_page(
            request,
            statement,
            act=act,
            form_class=ReasonForm,
            title=_("Set aside what went out"),
            submit=_("Set aside"),
            hint=_(
                "All that went out and looks like nothing of any tenant: fees, salaries, suppliers."
                " Each line may be taken up again."
            ),
        )


def _told_of(made: Imported) -> str:
    if made.again:
        return gettext("This file was read before as “%(name)s”: nothing has changed.") % {
            "name": made.statement.name
        }
    added = ngettext("%(count)s line is new.", "%(count)s lines are new.", made.added)
    told = added % {"count": made.added}
    if seen := made.statement.seen_before:
        told += " " + ngettext(
            "%(count)s line was there already.", "%(count)s lines were there already.", seen
        ) % {"count": seen}
    return told
