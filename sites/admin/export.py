"""CSV and XLSX of the rows a list shows, as far as the user may take them away."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

import tablib
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from import_export.admin import ExportMixin
from import_export.fields import Field as ResourceField
from import_export.formats import base_formats
from import_export.resources import Resource
from unfold.contrib.import_export.forms import ExportForm

from accounts.rights import Action
from core.cells import harmless
from core.fields import PeriodField
from sites.admin.scoping import ScopedListing


class ScopedExport(ExportMixin, ScopedListing):  # type: ignore[misc]
    """The export page of a list: same search and filters, the right to export on each row."""

    exported: ClassVar[tuple[str, ...]] = ()
    """Paths of what is exported ("site__code"); empty: every column of the table."""

    not_exported: ClassVar[frozenset[str]] = frozenset({"name_key"})
    formats = [base_formats.CSV, base_formats.XLSX]
    export_formats = formats
    export_form_class = ExportForm
    to_encoding = "utf-8-sig"  # Excel reads UTF-8 only with a mark

    def has_export_permission(self, request: HttpRequest) -> bool:
        return ScopedListing.has_export_permission(self, request)

    def get_export_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_export_queryset(request)
        return rows.filter(pk__in=self.rows(request, Action.EXPORT).values("pk"))

    def get_export_resource_classes(self, request: HttpRequest) -> list[type[Resource]]:
        paths = self.exported or tuple(
            field.name
            for field in self.model._meta.concrete_fields
            if field.name not in self.not_exported
        )
        return [resource_of_columns(self.model, paths)]

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        return f"{self.opts.model_name}-{timezone.localdate()}.{file_format.get_extension()}"


def resource_of_columns(model: type[models.Model], paths: tuple[str, ...]) -> type[Resource]:
    """A resource that exports `paths` of `model`; a period takes two columns, start and end."""
    columns: list[tuple[str, str]] = []
    joined = set()
    for path in paths:
        first, _, rest = path.partition("__")
        field = _field(model, first)
        if rest or isinstance(field, models.ForeignKey):
            joined.add(path.rpartition("__")[0] or path)
        if isinstance(field, PeriodField):
            columns += [("start", f"{path}__start"), ("end", f"{path}__last_day")]
        else:
            columns.append((path.replace("__", "_"), path))

    class Columns(Resource):  # type: ignore[misc]
        def export(self, queryset: Any = None, **kwargs: Any) -> tablib.Dataset:
            dataset = tablib.Dataset(headers=[name for name, _path in columns])
            rows = queryset.select_related(*joined) if joined else queryset
            for row in rows.iterator(chunk_size=2_000):
                dataset.append([cell(row, path) for _name, path in columns])
            return dataset

        def get_user_visible_fields(self) -> list[Any]:
            """What the page of the export says that the file will hold."""
            return [ResourceField(column_name=name) for name, _path in columns]

        @classmethod
        def get_display_name(cls) -> str:
            return str(model._meta.verbose_name_plural)

    return Columns


def _field(model: type[models.Model], name: str) -> Any:
    """The field, or None for what the list's query adds."""
    return next((field for field in model._meta.get_fields() if field.name == name), None)


def cell(row: Any, path: str) -> Any:
    """What stands at `path` of the row, as a spreadsheet may safely read it."""
    value = row
    for name in path.split("__"):
        if value is None:
            return None
        value = getattr(value, name)
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, (bool, int, Decimal, dt.date)):
        return value
    return harmless(str(value))
