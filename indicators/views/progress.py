"""How far the snapshots have come: a part of the overview and of their list, asked for by itself
while a run moves."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from accounts.rights import Action
from indicators.selectors.progress import progress
from sites.scopes import scope_of


def progress_shown(user: Any) -> dict[str, Any]:
    return {
        "progress": progress(),
        "may_recompute": bool(scope_of(user, Action.RECOMPUTE, "indicator")),
    }


@require_safe
def progress_part(request: HttpRequest) -> HttpResponse:
    if not scope_of(request.user, Action.VIEW, "indicator"):
        raise PermissionDenied
    return TemplateResponse(request, "indicators/progress.html", progress_shown(request.user))
