"""Whether a user may act on a company's record."""

from accounts.models import User
from accounts.rights import Action
from sites.permissions import refusal_of, require_somewhere
from tenants.models import Company


def require_for(user: User | None, action: Action, company: Company) -> None:
    """Raises NotAllowed unless the right holds at a site where the company is present, or in the
    network. `user=None` is the system."""
    require_somewhere(user, action, "company")
    if user is None:
        return
    if not Company.objects.visible_to(user, action).filter(pk=company.pk).exists():
        raise refusal_of(user, action)
