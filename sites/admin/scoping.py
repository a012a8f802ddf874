"""What a user may see and do on the staff site, row by row.

Every list, choice, search and page asks the same two questions: which rows does the table of
rights give this user for this act (`rows`), and is this row one of them (`allows`).
"""

from functools import cached_property
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.contrib.admin.filters import RelatedFieldListFilter
from django.contrib.admin.utils import NestedObjects, get_fields_from_path, quote
from django.core.exceptions import ImproperlyConfigured
from django.db import models, router
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action, resource_of
from sites.querysets import ScopedQuerySet
from sites.scopes import scope_of

ALL_BUT_DELETE: Final = frozenset({Action.VIEW, Action.ADD, Action.CHANGE, Action.EXPORT})
READ_ONLY: Final = frozenset({Action.VIEW, Action.EXPORT})
# A row may be put only where its user may write; other choices are what its user may see.
_PLACES: Final = frozenset({"site", "space"})


def acting(request: HttpRequest) -> User:
    """The member of staff behind the request, whom the door has already let in."""
    user: Any = request.user
    return user  # type: ignore[no-any-return]


class ScopedRows(admin.options.BaseModelAdmin):  # type: ignore[type-arg]
    """Cuts a model's pages, or an inline, down to what the user's roles allow."""

    resource: str = ""
    """The row of the table of rights; found by the model's name."""

    offered: ClassVar[frozenset[Action]] = ALL_BUT_DELETE
    """What these pages offer at all; the table of rights cuts it further. Deleting is an exception,
    and what only a service may write is READ_ONLY."""

    added_by_network: ClassVar[bool] = False
    """A new row belongs to no site yet: only a role in the whole network adds one."""

    network_only: ClassVar[bool] = False
    """Rows of the whole network: a site's roles do not reach them."""

    found_by_name: ClassVar[bool] = False
    """Whether the search over the whole staff site looks here too."""

    related: ClassVar[tuple[str, ...]] = ()
    """Followed in the same query, wherever the rows are shown."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        label = self.model._meta.label_lower
        self.resource = self.resource or resource_of(label) or ""
        if not self.resource:
            raise ImproperlyConfigured(f"{label} is in no row of accounts.rights.MODELS")

    def rows(self, request: HttpRequest, action: Action = Action.VIEW) -> models.QuerySet[Any]:
        """The rows on which the user may do `action`."""
        rows: models.QuerySet[Any] = self.model._default_manager.visible_to(request.user, action)
        return rows

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = self.rows(request).order_by(
            *(self.get_ordering(request) or self.opts.ordering or ())
        )
        return rows.select_related(*self.related) if self.related else rows

    def allows(self, request: HttpRequest, action: Action, obj: Any = None) -> bool:
        """Whether the user may do `action` on the row (or its key); without one: somewhere."""
        scope = scope_of(request.user, action, self.resource)
        pk = getattr(obj, "pk", obj)
        if self.network_only or (action == Action.ADD and self.added_by_network):
            return scope.network
        if pk is None or not scope or scope.network:
            return bool(scope)
        if isinstance(obj, self.model) and self._told_by_its_site:
            return scope.covers(obj.site_id)
        return self._asked_once(request, action, pk)

    @cached_property
    def _told_by_its_site(self) -> bool:
        """Whether a row at hand answers by itself: nothing but its own site decides of it."""
        rows = type(self.model._default_manager.all())
        return (
            getattr(rows, "site_path", "") == "site_id"
            and (rows.visible_to, rows.within) == (ScopedQuerySet.visible_to, ScopedQuerySet.within)
            and type(self).rows is ScopedRows.rows
        )

    def _asked_once(self, request: HttpRequest, action: Action, pk: Any) -> bool:
        known = request.__dict__.setdefault("_allowed", {})
        key = (self.model, action, str(pk))
        if key not in known:
            known[key] = self.rows(request, action).filter(pk=pk).exists()
        return bool(known[key])

    # --- Django's questions ---------------------------------------------------------------
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, Action.VIEW)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, Action.VIEW, obj)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return Action.ADD in self.offered and self.allows(request, Action.ADD)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return Action.CHANGE in self.offered and self.allows(request, Action.CHANGE, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return Action.DELETE in self.offered and self.allows(request, Action.DELETE, obj)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return Action.EXPORT in self.offered and self.allows(request, Action.EXPORT)

    # --- Choices ----------------------------------------------------------------------------
    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_of(request, db_field.related_model))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self.choices_of(request, db_field.related_model))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def choices_of(self, request: HttpRequest, model: type[models.Model]) -> models.QuerySet[Any]:
        """The rows of another model that this one may point to."""
        pages = self.admin_site.get_model_admin(model)
        rows = pages.get_queryset(request)
        if isinstance(pages, ScopedRows) and pages.resource in _PLACES:
            match = request.resolver_match
            editing = match is not None and "object_id" in match.kwargs
            action = Action.CHANGE if editing else Action.ADD
            assert isinstance(rows, ScopedQuerySet)
            return rows.within(scope_of(request.user, action, self.resource))
        return rows


class ScopedRelatedFilter(RelatedFieldListFilter):
    """A list filter that names only rows the user may see."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        pages = model_admin.admin_site.get_model_admin(field.related_model)
        return [(row.pk, str(row)) for row in pages.get_queryset(request)]


class ScopedListing(ScopedRows):
    """Filters and delete pages that name nothing of other sites."""

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [self._scoped(entry) for entry in super().get_list_filter(request)]  # type: ignore[misc]

    def _scoped(self, entry: Any) -> Any:
        if isinstance(entry, str):
            field = get_fields_from_path(self.model, entry)[-1]
            if field.is_relation:
                return (entry, ScopedRelatedFilter)
        return entry

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What goes with the rows; what the user may not see is counted, not named."""
        first = next(iter(objs), None)
        if first is None:
            return [], {}, set(), []
        collector = NestedObjects(using=router.db_for_write(type(first)))
        collector.collect(objs)
        lacking: set[str] = set()

        def described(obj: models.Model) -> str:
            pages = self.admin_site._registry.get(type(obj))
            name = capfirst(obj._meta.verbose_name)
            if isinstance(pages, ScopedRows):
                if not pages.has_view_permission(request, obj):
                    return _("%(kind)s of another site") % {"kind": name}
                return _linked(self.admin_site.name, name, obj)
            return f"{name}: {obj}"

        gone: Any = collector.model_objs
        for model, rows in gone.items():
            pages = self.admin_site._registry.get(model)
            if pages is not None and not _may_go(pages, request, rows):
                lacking.add(str(model._meta.verbose_name))
        counted = {str(model._meta.verbose_name_plural): len(rows) for model, rows in gone.items()}
        protected = [described(obj) for obj in collector.protected]
        return collector.nested(described), counted, lacking, protected


def _may_go(pages: Any, request: HttpRequest, rows: Any) -> bool:
    if not isinstance(pages, ScopedRows):
        return bool(pages.has_delete_permission(request))
    return all(pages.allows(request, Action.DELETE, row) for row in rows)


def _linked(site: str, name: str, obj: models.Model) -> str:
    try:
        address = reverse(
            f"{site}:{obj._meta.app_label}_{obj._meta.model_name}_change", args=(quote(obj.pk),)
        )
    except NoReverseMatch:
        return f"{name}: {obj}"
    return format_html('{}: <a href="{}">{}</a>', name, address, obj)
