"""The page of one file: what waits, what was answered, said and done, and the acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rights import Action
from applications.admin.acts import can_step
from applications.admin.talking import RemarkForm
from applications.labels.next_acts import NEXT_ACTS
from applications.models import Application
from applications.next_act import Next
from applications.selectors.file_page import FilePage
from applications.services.reading import note_reading
from applications.signals import file_shown
from applications.workflow import Step
from core.forms import whole_number
from core.periods import today
from sites.admin.columns import badge
from sites.admin.scoping import ScopedRows, acting

# Parts of the page that a next act leads to.
_PARTS = {Next.DO_TASKS: "tasks", Next.REPLY: "conversation", Next.ANSWER_TRANSFER: "transfer"}
# Where the name of the act's page says no act.
_VERBS = {Next.ASSIGN_REVIEWERS: _("Assign reviewers")}


@dataclass(frozen=True, slots=True)
class Panel:
    """A further part of the file's page, in the column of the facts."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Leading:
    """The next act: a button, a link to its page or a part of this one, or only words."""

    title: str | Promise
    address: str = ""
    at_once: bool = False
    """Nothing is asked and nothing to warn of: the button does it."""


class FilePages(ScopedRows):
    """Shows a file; everything on it is changed by an act of its own page."""

    def panels(self, request: HttpRequest, file: Application) -> list[Panel]:
        """What other parts of the house show on the file; to be added to."""
        told = file_shown.send(sender=Application, file=file, user=request.user)
        return [Panel(*panel) for _receiver, panel in told if panel is not None]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        pages: Any = self
        if not self.allows(request, Action.VIEW):
            raise PermissionDenied
        file: Application | None = pages.get_object(request, unquote(object_id))
        if file is None:
            gone: HttpResponse = pages._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        if request.method not in {"GET", "HEAD"} or not self.allows(request, Action.VIEW, file):
            raise PermissionDenied
        note_reading(application=file, user=acting(request))
        page = FilePage(file, request.user, against=whole_number(request.GET.get("against")))
        acts = self._acts(request, file)
        may_act = file.anonymised_at is None and self.allows(request, Action.SCREEN, file)
        return TemplateResponse(
            request,
            "applications/admin/file.html",
            {
                **self.admin_site.each_context(request),
                "title": file.name or file.reference,
                "subtitle": file.reference,
                "opts": self.opts,
                "original": file,
                "file": file,
                "page": page,
                "badge": badge(file.get_state_display(), pages.looks.get(file.state)),
                "days": (timezone.now() - file.state_since).days,
                "late": file.due_at is not None and file.due_at <= timezone.now(),
                "leading": self._leading(page, acts, may_act=may_act),
                "menu": self._menu(page, acts),
                "may_act": may_act,
                "may_mark": may_act and can_step(Step.MARK_DUPLICATE)(file),
                "today": today(),
                "remark_form": RemarkForm(auto_id="say_%s") if may_act else None,
                "panels": self.panels(request, file),
                "media": pages.media,
                **(extra_context or {}),
            },
        )

    def _acts(self, request: HttpRequest, file: Application) -> list[dict[str, Any]]:
        """The acts that the user may take now, in their order; groups as dicts with items."""
        pages: Any = self
        key = str(file.pk)
        shown: list[dict[str, Any]] = pages._get_actions_navigation(
            pages.actions_detail, pages.get_actions_detail(request, key), key
        )
        return shown

    def _leading(self, page: FilePage, acts: Sequence[dict[str, Any]], *, may_act: bool) -> Leading:
        for act in _flat(acts):
            if act["path"].rstrip("/").endswith(f"/{_path(page.next)}"):
                at_once = getattr(getattr(self, page.next.value), "at_once", lambda _file: False)
                title = _VERBS.get(page.next, act["title"])
                return Leading(title, act["path"], at_once(page.application))
        address = ""
        if page.next == Next.GIVE_REVIEW and page.own_review is not None:
            address = reverse("admin:review", args=[page.own_review.pk])
        elif page.next == Next.APPROVE_LETTER and page.letter_to_approve is not None and may_act:
            letter = page.letter_to_approve
            address = reverse("admin:applications_letter_change", args=[letter.pk])
        elif page.next == Next.SIT and page.sitting is not None:
            address = reverse("admin:sitting", args=[page.sitting.pk])
        elif page.next in _PARTS and (may_act or page.next == Next.ANSWER_TRANSFER):
            address = f"#{_PARTS[page.next]}"
        return Leading(NEXT_ACTS.get(page.next, ""), address)

    def _menu(self, page: FilePage, acts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The groups of the menu: what the workflow has next, then the named ones."""
        plain = [act for act in acts if "items" not in act]
        groups = [{"title": "", "items": plain}] if plain else []
        return [*groups, *(act for act in acts if "items" in act)]


def _flat(acts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for act in acts for one in act.get("items", [act])]


def _path(act: Next) -> str:
    return act.value.replace("_", "-")
