"""Chainable filters over companies."""

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.rights import Action
from sites.querysets import ScopedQuerySet
from sites.scopes import Scope, scope_of
from tenants.choices import Closing
from tenants.names import name_key

if TYPE_CHECKING:
    from tenants.models import (  # noqa: F401  the rows' classes
        Company,
        Contact,
        Declaration,
        FollowUp,
        FormerIdentity,
        Milestone,
        Presence,
        Succession,
    )


_Word_co = TypeVar("_Word_co", bound=models.Model, covariant=True)


class CompanyQuerySet(ScopedQuerySet["Company"]):
    """A company's card (name, form, ICE, sites) is every colleague's; the rest follows presence."""

    resource: ClassVar[str] = "company"

    def current(self) -> Self:
        """Without the records merged into another."""
        return self.filter(merged_into__isnull=True)

    def visible_to(self, user: Any, action: Action = Action.VIEW) -> Self:
        if action == Action.VIEW:
            return self if scope_of(user, action, "card") else self.none()
        return self.within(scope_of(user, action, self.resource))

    def within(self, scope: Scope) -> Self:
        """Present at a site of the scope."""
        from tenants.models import Presence

        if scope.network:
            return self
        if not scope:
            return self.none()
        here = Presence.objects.filter(company=OuterRef("pk"), site__in=scope.site_ids)
        return self.filter(Exists(here))

    def called(self, text: str) -> Self:
        """Found by name, present or former (accents and legal form aside), or by ICE."""
        from tenants.models import FormerIdentity

        key = name_key(text)
        former = FormerIdentity.objects.filter(company=OuterRef("pk"), name_key__contains=key)
        return self.filter(Q(name_key__contains=key) | Q(ice=text.strip()) | Exists(former))

    def look_alikes(self, *, name: str, ice: str = "", at_least: float = 0.45) -> Self:
        """Companies whose folded name resembles `name`, or that bear the same ICE; best first."""
        key = name_key(name)
        same = Q(name_key__trigram_similar=key, likeness__gte=at_least) | Q(name_key=key)
        if ice:
            same |= Q(ice=ice)
        return (
            self.current()
            .annotate(likeness=TrigramSimilarity("name_key", key))
            .filter(same)
            .order_by("-likeness", "id")
        )


class ContactQuerySet(ScopedQuerySet["Contact"]):
    resource = "company"

    def within(self, scope: Scope) -> Self:
        from tenants.models import Company

        if scope.network:
            return self
        return self.filter(company__in=Company.objects.within(scope))


class PresenceQuerySet(ScopedQuerySet["Presence"]):
    resource = "company"


class FormerIdentityQuerySet(ScopedQuerySet["FormerIdentity"]):
    resource = "company"

    def within(self, scope: Scope) -> Self:
        from tenants.models import Company

        if scope.network:
            return self
        return self.filter(company__in=Company.objects.within(scope))


class FollowUpQuerySet(ScopedQuerySet["FollowUp"]):
    resource = "company"

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def asking(self) -> Self:
        """Of which something may still be said: open, or over because all was said. The last
        departure of a company comes first."""
        return self.filter(closing__in=["", Closing.NOTHING_MORE]).order_by("-left_on", "-id")


class MilestoneQuerySet(ScopedQuerySet["Milestone"]):
    resource = "company"
    site_path = "follow_up__site_id"


class DeclaredQuerySet(ScopedQuerySet["Declaration"]):
    """Whoever sees the whole record of a company sees what was declared of it."""

    resource = "company"

    def in_force(self) -> Self:
        """Not put right by a newer one."""
        return self.filter(replaced_by__isnull=True)

    def within(self, scope: Scope) -> Self:
        from tenants.models import Company

        if scope.network:
            return self
        return self.filter(company__in=Company.objects.within(scope))


class ClassificationQuerySet(ScopedQuerySet[_Word_co]):
    """Words that all sites share: whoever has the right anywhere has it."""

    resource = "classification"

    def within(self, scope: Scope) -> Self:
        return self if scope else self.none()


class SuccessionQuerySet(ScopedQuerySet["Succession"]):
    """Of a company at one of the user's sites."""

    resource = "company"
    site_path = "company__presences__site_id"
