"""A row's page of its own instead of a form: read there, changed by acts on pages of theirs."""

from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.rights import Action
from sites.admin.scoping import ScopedRows


class OwnPages(ScopedRows):
    """To stand before the admin class."""

    page_template: ClassVar[str]

    def told(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the template takes beside the row itself, as `original`."""
        raise NotImplementedError

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
        row = pages.get_object(request, unquote(object_id))
        if row is None:
            gone: HttpResponse = pages._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        if request.method not in {"GET", "HEAD"} or not self.allows(request, Action.VIEW, row):
            raise PermissionDenied
        return TemplateResponse(
            request,
            self.page_template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": row,
                "media": pages.media,
                **self.told(request, row),
                **(extra_context or {}),
            },
        )

    def acts(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        """The acts that the user may take now, in their order; groups as dicts with items."""
        pages: Any = self
        key = str(row.pk)
        shown: list[dict[str, Any]] = pages._get_actions_navigation(
            pages.actions_detail, pages.get_actions_detail(request, key), key
        )
        return shown
