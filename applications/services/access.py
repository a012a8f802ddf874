"""May this person act on this file: their role at its site, and no conflict of interest."""

from accounts.models import User
from accounts.rights import Action
from applications.models import Application
from applications.services.guards import require_free
from core.errors import NotAllowed
from sites.permissions import require


def require_begun(user: User | None, draft: Application) -> None:
    """Raises NotAllowed unless the user's program began the draft and may still add at its site."""
    if user is None:
        return
    require(user, Action.ADD, "application", draft.site_id)
    if draft.begun_by_id != user.pk:
        raise NotAllowed


def require_on_file(
    user: User | None, action: Action, application: Application, *, site_id: int | None = None
) -> None:
    """Raises NotAllowed unless `user` may do `action` at the file's site, or at `site_id`; and
    InConflict, whatever their role, for whoever declared a conflict of interest."""
    require(user, action, "application", application.site_id if site_id is None else site_id)
    require_free(application, user)
