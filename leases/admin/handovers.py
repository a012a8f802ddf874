"""A handover report's page, for a phone in the room; and the list that reports begin from."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from core.uploads import kind_in_words
from leases.admin.act_forms import ReasonForm
from leases.admin.handover_forms import FactsForm, key_rows, meter_rows
from leases.admin.handover_pieces import Written, write_piece
from leases.admin.own_page import OwnPages
from leases.checklist import KEYS
from leases.choices import Condition, ReportState
from leases.models import (
    ChecklistLine,
    HandoverItem,
    HandoverKey,
    HandoverPhoto,
    HandoverReport,
    MeterReading,
)
from leases.papers.handover import room_name
from leases.selectors.handovers import Line, Room, Sheet
from leases.services.handover_items import PICTURES
from leases.services.handover_reports import close_report, drop_report
from sites.admin.base import ReadOnlyAdmin, ScopedAdmin
from sites.admin.columns import badge, day_column
from sites.admin.scoping import acting
from sites.admin.work import work

BADGES: Final[Mapping[str, str]] = {ReportState.DRAFT: "info", ReportState.CLOSED: "success"}


def _is_draft(report: HandoverReport) -> bool:
    return report.state == ReportState.DRAFT


@admin.register(HandoverReport)
class HandoverReportAdmin(OwnPages, ReadOnlyAdmin):
    """Begun on the page of its lease; written here, each piece saved as soon as it is typed."""

    related = ("lease__company", "lease__site", "compared_with", "acting_user")
    list_display = ("lease", "company", "way", "on", "state")
    list_filter = ("state", "way", "lease__site")
    search_fields = ("lease__number", "lease__company__name_key")
    search_help_text = _("Lease or company")
    ordering = ("-id",)
    history_with = (
        (HandoverItem, "report_id"),
        (HandoverPhoto, "item_id", (HandoverItem, "report_id")),
        (HandoverKey, "report_id"),
        (MeterReading, "report_id"),
    )
    actions_detail = ("write", "close", "drop")
    exported = ("lease__number", "way", "day", "state", "closed_at", "remark", "reason")
    page_template = "leases/admin/handover.html"
    on = day_column("day", _("day"))

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {
            "all": ("file.css", "lease.css", "handover.css")
        }
        js: ClassVar[tuple[str, ...]] = ("handover.js",)

    @admin.display(description=_("company"), ordering="lease__company__name_key")
    def company(self, report: HandoverReport) -> str:
        return str(report.lease.company)

    def told(
        self, request: HttpRequest, row: HandoverReport, written: Written | None = None
    ) -> dict[str, Any]:
        sheet = Sheet(row)
        may_write = sheet.editable and self.allows(request, Action.HAND_OVER, row)
        kept = written.kept if written is not None else {}
        return {
            "title": str(row.lease.company),
            "subtitle": str(row),
            "report": row,
            "sheet": sheet,
            "badge": badge(row.get_state_display(), BADGES.get(row.state)),
            "rooms": [
                _room(number, room, written)
                for number, room in enumerate(sheet.rooms_to_write if may_write else sheet.rooms)
            ],
            "facts": kept.get("facts") or FactsForm.of(row),
            "keys": kept.get("keys") or key_rows(sheet.keys),
            "meters": kept.get("meters") or meter_rows(sheet.meters),
            "written": written,
            "may_write": may_write,
            "acts": [act for act in self.acts(request, row) if may_write],
            "conditions": Condition.choices,
            "pictures": ",".join(PICTURES),
            "kinds": ", ".join(map(kind_in_words, PICTURES)),
            "key_sorts": [getattr(sort, row.language) for sort in KEYS],
            "documents": list(row.documents.order_by("id")) if row.closed_at else [],
        }

    @work(_("Write"), path="write", right=Action.HAND_OVER, when=lambda _report: False)
    def write(self, request: HttpRequest, report: HandoverReport) -> HttpResponse:
        """One piece: with htmx the part of the page that it changes, else the page again."""
        if request.method != "POST":
            return self.change_view(request, str(report.pk))
        written = write_piece(request, report)
        report.refresh_from_db(fields=["state", *FactsForm.base_fields])
        if getattr(request, "htmx", False):
            return TemplateResponse(
                request,
                f"leases/admin/handover/{written.part}",
                self._part(request, report, written),
            )
        if written.refusal:
            messages.error(request, written.refusal)
            return TemplateResponse(
                request,
                self.page_template,
                {
                    **self.admin_site.each_context(request),
                    "opts": self.opts,
                    "original": report,
                    "media": self.media,
                    **self.told(request, report, written),
                },
            )
        messages.success(request, gettext("Saved."))
        return redirect(f"{self.address_of(report)}#{written.anchor}")

    def _part(
        self, request: HttpRequest, report: HandoverReport, written: Written
    ) -> dict[str, Any]:
        told = self.told(request, report, written)
        lines = [line for room in told["rooms"] for line in room["lines"]]
        return {
            **told,
            "original": report,
            "line": next((each for each in lines if each["item"].pk == written.item), None),
            "room": next(
                (each for each in told["rooms"] if each["anchor"] == written.anchor), None
            ),
            "fresh": True,
        }

    @work(_("Close the report"), path="close", right=Action.HAND_OVER, icon="lock", when=_is_draft)
    def close(self, request: HttpRequest, report: HandoverReport) -> HttpResponse:
        def act(_given: dict[str, Any]) -> str:
            close_report(report=report, acting_user=acting(request))
            return gettext("The report is closed: its document is being made, to be signed.")

        return self.work_page(
            request,
            report,
            act=act,
            title=_("Close the report"),
            submit=_("Close the report"),
            hint=_("Nothing in it changes afterwards; its document is made at once."),
        )

    @work(_("Drop the report"), path="drop", right=Action.HAND_OVER, icon="delete", when=_is_draft)
    def drop(self, request: HttpRequest, report: HandoverReport) -> HttpResponse:
        def act(given: dict[str, Any]) -> str:
            drop_report(report=report, acting_user=acting(request), **given)
            return gettext("The report is dropped; another one may begin.")

        return self.work_page(
            request,
            report,
            act=act,
            form_class=ReasonForm,
            title=_("Drop the report"),
            submit=_("Drop the report"),
        )


@admin.register(ChecklistLine)
class ChecklistLineAdmin(ScopedAdmin):
    """A site's own list, and the network's for sites without any."""

    related = ("site",)
    list_display = ("element_fr", "space_kind", "site", "position", "retired")
    list_filter = ("site", "space_kind", "retired")
    search_fields = ("element_fr", "element_ar", "element_en")
    fields = (
        ("site", "space_kind", "position"),
        ("element_fr", "element_ar", "element_en"),
        "retired",
    )
    exported = (
        "site__code", "space_kind", "position", "element_fr", "element_ar", "element_en", "retired"
    )  # fmt: skip


def _room(number: int, room: Room, written: Written | None) -> dict[str, Any]:
    space_id = room.space.pk if room.space is not None else 0
    kept = written.kept if written is not None else {}
    adding = (kept.get("space"), kept.get("room")) == (space_id, room.room)
    return {
        "anchor": f"room-{number}",
        "name": room_name(room),
        "space": space_id,
        "room": room.room,
        "lines": [_line(line, written) for line in room.lines],
        "left": len(room.unlooked),
        "adding": kept.get("element", "") if adding else "",
        "refusal": written.refusal if written is not None and adding else "",
    }


def _line(line: Line, written: Written | None) -> dict[str, Any]:
    """With what was typed and could not be saved."""
    item = line.item
    about = written is not None and written.item == item.pk
    kept = written.kept if written is not None and about else {}
    return {
        "item": item,
        "said": f"said-{item.pk}",
        "condition": kept.get("condition") or item.condition,
        "remark": kept.get("remark", item.remark),
        "before": line.before,
        "worse": line.worse,
        "photos": line.photos,
        "photos_before": line.photos_before,
        "refusal": written.refusal if written is not None and about else "",
    }
