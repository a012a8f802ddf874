"""Who may do what is a lessor's: its bank, its books."""

from typing import Any

from accounts.rights import Action
from core.errors import NotAllowed
from sites.models import Lessor, Site
from sites.scopes import scope_of


def require_lessor(user: Any, action: Action, resource: str, lessor: Lessor) -> None:
    """Raises NotAllowed unless the user may at every site of the lessor. None is the system."""
    if user is None:
        return
    scope = scope_of(user, action, resource)
    if scope.network:
        return
    sites = set(Site.objects.filter(lessor=lessor).values_list("pk", flat=True))
    if not sites or not sites <= scope.site_ids:
        raise NotAllowed
