"""Who may do what is a lessor's (its bank, its books), or a company's."""

from typing import Any

from django.db.models import QuerySet

from accounts.rights import Action
from sites.models import Lessor, Site
from sites.permissions import refusal_of
from sites.scopes import scope_of
from tenants.models import Company


def require_lessor(user: Any, action: Action, resource: str, lessor: Lessor) -> None:
    """Raises NotAllowed unless the user may at every site of the lessor. None is the system."""
    if user is None:
        return
    scope = scope_of(user, action, resource)
    if scope.network:
        return
    sites = set(Site.objects.filter(lessor=lessor).values_list("pk", flat=True))
    if not sites or not sites <= scope.site_ids:
        raise refusal_of(user, action)


def lessors_for(user: Any, action: Action, resource: str) -> QuerySet[Lessor]:
    """The lessors at all of whose sites the user may."""
    scope = scope_of(user, action, resource)
    if scope.network:
        return Lessor.objects.all()
    here = Site.objects.filter(pk__in=scope.site_ids).values("lessor")
    elsewhere = Site.objects.exclude(pk__in=scope.site_ids).values("lessor")
    return Lessor.objects.filter(pk__in=here).exclude(pk__in=elsewhere)


def lessor_named(user: Any, action: Action, resource: str, code: str) -> Lessor | None:
    """The one of that code, if it is one of these. Compared here: a word from outside may hold
    characters that PostgreSQL takes in no text."""
    lessors = lessors_for(user, action, resource)
    return next((lessor for lessor in lessors if lessor.code == code), None)


def require_company(user: Any, action: Action, resource: str, company: Company) -> None:
    """Raises NotAllowed unless the user may at a site where the company is present, or in the
    network. None is the system."""
    if user is None:
        return
    if not Company.objects.within(scope_of(user, action, resource)).filter(pk=company.pk).exists():
        raise refusal_of(user, action)
