"""Lessors whose books or bank a user may see: those at all of whose sites the user may."""

from typing import Any

from accounts.rights import Action
from sites.models import Lessor, Site
from sites.scopes import scope_of


def lessors_with(user: Any, action: Action, resource: str) -> list[Lessor]:
    """By name; as `billing.permissions.require_lessor` decides for one."""
    scope = scope_of(user, action, resource)
    if not scope:
        return []
    rows = Lessor.objects.filter(site__isnull=False)
    if not scope.network:
        elsewhere = Site.objects.exclude(pk__in=scope.site_ids).values("lessor")
        rows = rows.exclude(pk__in=elsewhere)
    return list(rows.distinct().order_by("name", "id"))
