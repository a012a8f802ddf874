"""The one base of every model's staff pages.

`ScopedAdmin` cuts lists, filters, choices, searches, delete pages and exports down to the user's
sites (`scoping`), shows the history (`history`), exports (`export`), and offers working pages that
call services (`work`). Inlines use `ScopedTabular` or `ScopedStacked`.
"""

from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from unfold.admin import ModelAdmin, StackedInline, TabularInline, checkbox
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.rights import Action
from core.errors import DomainError
from core.fields import PeriodField
from core.forms import DecimalFormField, PeriodFormField
from sites.admin.columns import days_in_words, language, phone_in_words
from sites.admin.export import ScopedExport
from sites.admin.history import HistoryPage
from sites.admin.listing import CappedPaginator, StaffChangeList
from sites.admin.rows import ReadRows
from sites.admin.scoping import READ_ONLY, ScopedRows
from sites.admin.widgets import DayInput, dress
from sites.admin.work import WorkPages, refuse
from sites.scopes import scope_of

_UNIQUE, _EXCLUDED = "23505", "23P01"


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model's form that can show what a service refused after the form itself was clean."""

    refusal: ClassVar[DomainError | ValidationError | None] = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            refuse(self, self.refusal)
        return cleaned


class _Dressed(ScopedRows):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Where a form field becomes plain text, it reads as people wrote it or would write it.
        words = {
            PeriodField: days_in_words,
            PhoneNumberField: phone_in_words,
            models.TextField: linebreaksbr,
        }
        self.readonly_preprocess_fields = {
            field.name: said
            for field in self.opts.fields
            for kind, said in words.items()
            if isinstance(field, kind)
        }

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.DateField) and not isinstance(
            db_field, models.DateTimeField
        ):
            kwargs["widget"] = DayInput()
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if isinstance(db_field, models.DecimalField):
            kwargs["form_class"] = DecimalFormField
            kwargs["widget"] = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, PeriodFormField):
            dress(field)
        elif field is not None and isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 4
        return field


class ScopedAdmin(HistoryPage, WorkPages, _Dressed, ScopedExport, ModelAdmin):  # type: ignore[misc]
    """Scoped pages of one model. Writes go through services where the model names one door.

    A service's refusal, wherever it is raised while saving, comes back as an error of the form,
    with everything that was typed.
    """

    form = StaffForm
    paginator = CappedPaginator
    show_full_result_count = False  # the capped paginator counts, once
    list_per_page = 25
    list_max_show_all = 0
    show_facets = "NEVER"
    compressed_fields = True
    warn_unsaved_form = True
    # Unfold's lists ask for it at each row; what is missing costs Django's templates a `dir()`.
    list_sections = ()

    def action_checkbox(self, obj: models.Model) -> str:
        return format_html(_checkbox(language()), obj.pk)

    def listed(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows with what only a list's columns need: related rows fetched in one go."""
        return rows

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> models.Model | None:
        """Asked once per request: the page and its buttons ask for the same row."""
        known = request.__dict__.setdefault("_objects", {})
        key = (self.model, str(object_id), from_field)
        if key not in known:
            known[key] = super().get_object(request, object_id, from_field)
        row: models.Model | None = known[key]
        return row

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StaffChangeList]:
        return StaffChangeList

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]
        except (DomainError, ValidationError) as refusal:
            if request.method != "POST" or hasattr(request, "refusal"):
                raise
            request.refusal = refusal  # type: ignore[attr-defined]
        except IntegrityError as error:
            if hasattr(request, "refusal") or not _conflict(error):
                raise
            request.refusal = ValidationError(  # type: ignore[attr-defined]
                _("Two rows say different things about the same days, or one stands there twice.")
            )
        # The transaction was rolled back: show the same form with the reason.
        return super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[no-any-return]


class ReadOnlyAdmin(ScopedAdmin):
    """Rows that only services and jobs write."""

    offered = READ_ONLY


class _ScopedInline(_Dressed):
    """Rows inside their parent's page: what may be done to them is asked of the parent's row."""

    extra = 0
    hide_title = True
    strikable: ClassVar[bool] = False
    """The parent's own lines: who may change it may strike one out (the history keeps it)."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if self.strikable:
            return self.has_change_permission(request, obj)
        return super().has_delete_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return rows if self.has_view_permission(request) else rows.none()

    def allows(self, request: HttpRequest, action: Action, obj: Any = None) -> bool:
        """`obj` is the parent's row: its right to change covers adding and deleting inside it."""
        if not scope_of(request.user, action, self.resource):
            return False
        if obj is None or getattr(obj, "pk", None) is None:
            return True
        inline: Any = self
        parent: Any = self.admin_site.get_model_admin(inline.parent_model)
        asked = Action.VIEW if action == Action.VIEW else Action.CHANGE
        return bool(parent.allows(request, asked, obj))


class ScopedTabular(_ScopedInline, TabularInline):  # type: ignore[misc]
    """Rows of a table inside the parent's page: without forms where the user only reads them."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if "fields" in kwargs or self._writes(request, obj):
            return super().get_formset(request, obj, **kwargs)
        rows = super().get_formset(request, obj, formset=ReadRows, fields=(), **kwargs)
        named = flatten_fieldsets(self.get_fieldsets(request, obj))
        rows.inline, rows.names = self, [name for name in named if name != rows.fk.name]
        self.template = "sites/admin/rows.html"
        return rows

    def _writes(self, request: HttpRequest, obj: Any) -> bool:
        return (
            self.has_add_permission(request, obj)
            or self.has_change_permission(request, obj)
            or self.has_delete_permission(request, obj)
        )


class ScopedStacked(_ScopedInline, StackedInline):  # type: ignore[misc]
    """Forms below each other inside the parent's page."""


@lru_cache
def _checkbox(_language: str) -> str:
    """Unfold's, with a place for the row's key; rendered once for all rows."""
    box: str = checkbox.render(ACTION_CHECKBOX_NAME, "{}")
    return box


def _conflict(error: IntegrityError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in {_UNIQUE, _EXCLUDED}
