"""A settlement's page: what is kept of a deposit, line by line, with what shows it; close it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core import formats
from core.languages import Language
from core.uploads import accepted_extensions
from leases.admin.act_forms import DayForm, ReasonForm
from leases.admin.documents import shown
from leases.admin.own_page import OwnPages
from leases.admin.settlement_forms import (
    ChangeLineForm,
    EvidenceForm,
    LanguageForm,
    LineForm,
    NoteForm,
    WhichEvidenceForm,
    WhichLineForm,
)
from leases.choices import DocumentKind, SettlementLineKind, SettlementState
from leases.models import DepositSettlement, SettlementEvidence, SettlementLine
from leases.selectors.documents import language_of
from leases.selectors.settlements import account_of
from leases.services.documents import draft_settlement, issue_document
from leases.services.evidence import add_evidence, remove_evidence
from leases.services.settlements import (
    add_line,
    change_line,
    close_settlement,
    drop_settlement,
    note_settlement,
    remove_line,
    take_back_settlement,
)
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import badge, day_column, language
from sites.admin.scoping import acting
from sites.admin.work import work

BADGES: Final[Mapping[str, str]] = {
    SettlementState.DRAFT: "info",
    SettlementState.CLOSED: "success",
    SettlementState.TAKEN_BACK: "warning",
}


def _is_draft(settlement: DepositSettlement) -> bool:
    return settlement.is_draft


def _is_closed(settlement: DepositSettlement) -> bool:
    return settlement.state == SettlementState.CLOSED


@admin.register(DepositSettlement)
class DepositSettlementAdmin(OwnPages, ReadOnlyAdmin):
    related = ("lease__company", "lease__site", "acting_user")
    list_display = ("lease", "company", "state", "settled", "held", "final")
    list_filter = ("state", "lease__site")
    search_fields = ("lease__number", "lease__company__name_key")
    search_help_text = _("Lease or company")
    ordering = ("-id",)
    history_with = (
        (SettlementLine, "settlement_id"),
        (SettlementEvidence, "line_id", (SettlementLine, "settlement_id")),
    )
    actions_detail = (
        "close",
        "preview",
        "add_line",
        "change_line",
        "remove_line",
        "add_evidence",
        "remove_evidence",
        "note",
        "issue",
        "drop",
        "take_back",
    )
    exported = ("lease__number", "state", "on", "held", "final", "note")
    page_template = "leases/admin/settlement.html"
    settled = day_column("on", _("on"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("file.css", "lease.css")}

    @admin.display(description=_("company"), ordering="lease__company__name_key")
    def company(self, settlement: DepositSettlement) -> str:
        return str(settlement.lease.company)

    def told(self, request: HttpRequest, row: DepositSettlement) -> dict[str, Any]:
        offered = {
            one["path"].rstrip("/").rsplit("/", 1)[-1]: one for one in self.acts(request, row)
        }
        account = account_of(row)
        writing = "line" in offered
        return {
            "title": str(row),
            "subtitle": str(row.lease.company),
            "settlement": row,
            "account": account,
            "badge": badge(row.get_state_display(), BADGES.get(row.state)),
            "offered": {name.replace("-", "_"): one["path"] for name, one in offered.items()},
            "add_form": LineForm(settlement=row) if writing else None,
            "accept": ",".join(accepted_extensions()),
            "languages": [
                (code, get_language_info(code)["name_local"]) for code in Language.values
            ],
            "documents": row.documents.order_by("id"),
        }

    @work(
        _("Close the settlement"),
        path="close",
        right=Action.CHANGE,
        icon="lock",
        when=_is_draft,
    )
    def close(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            close_settlement(settlement=settlement, on=given["day"], acting_user=acting(request))
            return gettext("The settlement is closed; its letter is being issued.")

        account = account_of(settlement)
        hint = gettext(
            "Held %(held)s, kept %(kept)s, left %(left)s. Afterwards nothing of it changes."
        )
        hint %= {
            name: formats.money(getattr(account, name), language())
            for name in ("held", "kept", "left")
        }
        if any(line.kind == SettlementLineKind.UNPAID for line in account.lines):
            settles = gettext("What is kept for unpaid rent settles it, the oldest first.")
            hint = f"{hint} {settles}"
        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=DayForm,
            title=_("Close the settlement"),
            submit=_("Close the settlement"),
            hint=hint,
        )

    @work(_("Preview of the letter"), path="preview", right=Action.VIEW, icon="draft")
    def preview(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        """How it would read today, in the language asked for or the company's."""
        asked = request.GET.get("language", "")
        if asked not in Language.values:
            asked = language_of(settlement.lease)
        name = f"{settlement.lease.number}-settlement-draft-{asked}.pdf"
        return shown(draft_settlement(settlement, asked), name)

    # --- Lines ----------------------------------------------------------------------------------
    @work(_("Add a line"), path="line", right=Action.CHANGE, icon="add", when=_is_draft)
    def add_line(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            add_line(settlement=settlement, acting_user=acting(request), **given)
            return gettext("The line is added.")

        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=LineForm,
            form_kwargs={"settlement": settlement},
            title=_("Add a line"),
        )

    @work(_("Change a line"), path="change-line", right=Action.CHANGE, icon="edit", when=_is_draft)
    def change_line(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            change_line(acting_user=acting(request), **given)
            return gettext("The line is changed.")

        line = settlement.lines.filter(pk=_asked(request, "line")).first()
        initial = (
            {}
            if line is None
            else {
                "line": line.pk,
                **{name: getattr(line, name) for name in ("kind", "words", "amount", "item")},
            }
        )
        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=ChangeLineForm,
            form_kwargs={"settlement": settlement},
            initial=initial,
            title=_("Change a line"),
        )

    @work(
        _("Remove a line"), path="remove-line", right=Action.CHANGE, icon="delete", when=_is_draft
    )
    def remove_line(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            remove_line(acting_user=acting(request), **given)
            return gettext("The line is removed, with its files.")

        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=WhichLineForm,
            form_kwargs={"settlement": settlement},
            initial={"line": _asked(request, "line") or None},
            title=_("Remove a line"),
            submit=_("Remove"),
        )

    @work(_("Add a file"), path="evidence", right=Action.CHANGE, icon="attach_file", when=_is_draft)
    def add_evidence(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            file = given["file"]
            add_evidence(
                line=given["line"],
                file=file.file,
                name=file.name or "",
                size=file.size or 0,
                acting_user=acting(request),
            )
            return gettext("The file is kept.")

        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=EvidenceForm,
            form_kwargs={"settlement": settlement},
            initial={"line": _asked(request, "line") or None},
            title=_("Add a file"),
        )

    @work(
        _("Remove a file"),
        path="remove-evidence",
        right=Action.CHANGE,
        icon="delete",
        when=_is_draft,
    )
    def remove_evidence(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            remove_evidence(acting_user=acting(request), **given)
            return gettext("The file is removed.")

        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=WhichEvidenceForm,
            form_kwargs={"settlement": settlement},
            initial={"evidence": _asked(request, "evidence") or None},
            title=_("Remove a file"),
            submit=_("Remove"),
        )

    @work(_("Note"), path="note", right=Action.CHANGE, icon="notes", when=_is_draft)
    def note(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            note_settlement(settlement=settlement, acting_user=acting(request), **given)
            return gettext("The note is kept.")

        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=NoteForm,
            initial={"note": settlement.note},
            title=_("Note"),
        )

    # --- Afterwards -----------------------------------------------------------------------------
    @work(
        _("Issue the letter"),
        path="issue",
        right=Action.CHANGE,
        icon="description",
        when=_is_closed,
    )
    def issue(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            made = issue_document(
                lease=settlement.lease,
                kind=DocumentKind.SETTLEMENT,
                settlement=settlement,
                acting_user=acting(request),
                **given,
            )
            return gettext("%(document)s is here.") % {"document": made}

        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=LanguageForm,
            initial={"language": language_of(settlement.lease)},
            title=_("Issue the letter"),
            submit=_("Issue"),
            hint=_("What was issued already is not made anew: it stays as it was issued."),
        )

    @work(_("Drop"), path="drop", right=Action.CHANGE, icon="delete", when=_is_draft)
    def drop(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            drop_settlement(settlement=settlement, acting_user=acting(request))
            return gettext("The draft is dropped; nothing was kept.")

        return self.work_page(
            request,
            settlement,
            act=act,
            title=_("Drop"),
            submit=_("Drop the draft"),
            then=reverse("admin:leases_lease_change", args=[settlement.lease_id]),
        )

    @work(
        _("Take the settlement back"),
        path="take-back",
        right=Action.CHANGE,
        icon="undo",
        when=_is_closed,
    )
    def take_back(self, request: HttpRequest, settlement: DepositSettlement) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            take_back_settlement(settlement=settlement, acting_user=acting(request), **given)
            return gettext("What it kept is held again.")

        return self.work_page(
            request,
            settlement,
            act=act,
            form_class=ReasonForm,
            title=_("Take the settlement back"),
            hint=_("Tell the company too: its letter stays among the documents of the lease."),
        )


def _asked(request: HttpRequest, name: str) -> int:
    """The key of a row that the address names; 0: none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
