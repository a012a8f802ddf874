"""A bank's file is given; of a CSV that no kept layout fits, its columns are chosen beside its
first rows."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import Action
from billing.bank_csv import DAY_FORMATS, DELIMITERS, Head, Layout, head_of, read_csv
from billing.camt import is_camt
from billing.choices import CsvRole
from billing.errors.bank import ColumnsUnknown
from billing.models import CsvMapping
from billing.permissions import lessors_for
from billing.services.statements import (
    Imported,
    fitting_mapping,
    import_statement,
    keep_mapping,
)
from core import formats
from core.errors import DomainError
from core.periods import today
from core.tables import LARGEST_FILE
from core.workbooks import BadFile
from sites.admin.base import ReadOnlyAdmin
from sites.admin.columns import language
from sites.admin.scoping import acting
from sites.admin.work import WorkForm, refuse
from sites.models import Lessor

_CARRIED: Final = 2_000_000
"""Bytes of a file, packed, that a form carries from step to step."""
DELIMITER_NAMES: Final = {
    ";": gettext_lazy("semicolon"),
    ",": gettext_lazy("comma"),
    "\t": gettext_lazy("tabulator"),
    "|": gettext_lazy("vertical bar"),
}


def day_formats() -> list[tuple[str, str]]:
    """Each as it writes a day of this year that tells day from month."""
    sample = today().replace(month=2, day=28)
    return [(known, sample.strftime(known)) for known in DAY_FORMATS]


class FileForm(WorkForm):
    lessor = forms.ModelChoiceField(Lessor.objects.none(), label=gettext_lazy("lessor"))
    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("CSV, XLSX or CAMT.053 (XML) as the bank gives it, at most 20 MB."),
    )
    mapping = forms.ModelChoiceField(
        CsvMapping.objects.none(),
        label=gettext_lazy("columns of a bank's CSV"),
        required=False,
        empty_label=gettext_lazy("by themselves"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lessor: Any = self.fields["lessor"]
        mapping: Any = self.fields["mapping"]
        lessor.queryset = lessors_for(user, Action.ADD, "bank")
        mapping.queryset = CsvMapping.objects.visible_to(user).select_related("lessor")
        if lessor.queryset.count() == 1:
            self.initial["lessor"] = lessor.queryset.get()
        self.dress()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        mapping = given.get("mapping")
        if mapping is not None and mapping.lessor != given.get("lessor"):
            self.add_error("mapping", _("These columns are another lessor's."))
        file = given.get("file")
        if file is not None and file.size > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 20 MB: divide it."))
        return given


class ColumnsForm(WorkForm):
    """The columns of a file that the form carries along; `look` shows it anew."""

    name = forms.CharField(
        label=gettext_lazy("name"),
        max_length=80,
        help_text=gettext_lazy("Of the bank: next time its files are read by themselves."),
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("delimiter"),
        choices=[(mark, DELIMITER_NAMES[mark]) for mark in DELIMITERS],
    )
    day_format = forms.ChoiceField(label=gettext_lazy("format of days"), choices=day_formats)
    lessor = forms.ModelChoiceField(Lessor.objects.none(), widget=forms.HiddenInput)
    file_name = forms.CharField(max_length=300, widget=forms.HiddenInput)
    packed = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, head: Head, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lessor: Any = self.fields["lessor"]
        lessor.queryset = lessors_for(user, Action.ADD, "bank")
        headings = [(heading, heading) for heading in dict.fromkeys(head.headings) if heading]
        for role in CsvRole:
            self.fields[role] = forms.ChoiceField(
                label=role.label, required=False, choices=[("", "–"), *headings]
            )
        self.order_fields([*CsvRole, "delimiter", "day_format", "name"])
        self.dress()

    @property
    def layout(self) -> Layout:
        given = self.cleaned_data
        columns = {role.value: given[role] for role in CsvRole if given.get(role)}
        return Layout(columns, given["delimiter"], given["day_format"])


def add_page(pages: Any, request: HttpRequest) -> HttpResponse | Imported:
    """Both steps; what was imported once it is."""
    if "packed" in request.POST:
        return _columns_given(pages, request)
    posted = request.method == "POST"
    form = FileForm(
        request.POST if posted else None, request.FILES if posted else None, user=request.user
    )
    if posted and form.is_valid():
        given = form.cleaned_data
        data: bytes = given["file"].read()
        try:
            return import_statement(
                lessor=given["lessor"],
                name=given["file"].name,
                data=data,
                mapping=given["mapping"],
                acting_user=acting(request),
            )
        except (ColumnsUnknown, BadFile) as refusal:
            try:
                return _columns_asked(pages, request, given, data, refusal)
            except DomainError as reason:
                refuse(form, reason)
        except DomainError as refusal:
            refuse(form, refusal)
    return _page(pages, request, form, "sites/admin/work.html", {})


def _columns_asked(
    pages: Any, request: HttpRequest, given: Mapping[str, Any], data: bytes, refusal: DomainError
) -> HttpResponse:
    """Which column is what: of a new bank; or of one whose kept columns read the file no more,
    which are then changed. Raises what tells why it cannot be asked."""
    if is_camt(data):
        raise refusal
    head = head_of(data)
    packed = base64.b64encode(zlib.compress(data)).decode()
    if len(packed) > _CARRIED:
        raise ColumnsUnknown(field="file")
    lessor, name = given["lessor"], given["file"].name
    kept = given["mapping"] or fitting_mapping(data, lessor)
    told = {"name": PurePath(name).stem[:80], "lessor": lessor.pk, "file_name": name,
            "packed": packed}  # fmt: skip
    if kept is not None:
        told |= {"name": kept.name, **kept.columns}
    if isinstance(refusal, BadFile):
        messages.error(request, refusal.message)
    return _columns_shown(pages, request, head, told)


def _columns_shown(
    pages: Any, request: HttpRequest, head: Head, given: Mapping[str, Any]
) -> HttpResponse:
    """The form with what the columns seem to be."""
    layout = head.layout
    seems = {**layout.columns, "delimiter": layout.delimiter, "day_format": layout.day_format}
    form = ColumnsForm(initial={**given, **seems}, user=request.user, head=head)
    return _columns_page(pages, request, form, head)


def _columns_given(pages: Any, request: HttpRequest) -> HttpResponse | Imported:
    data = _unpacked(request.POST["packed"])
    mark = request.POST.get("delimiter", "")
    try:
        head = head_of(data, mark if mark in DELIMITERS else "")
    except BadFile as refusal:  # no file is divided by every mark
        head = _head_by_itself(data)
        form = ColumnsForm(request.POST, user=request.user, head=head)
        refuse(form, refusal)
        return _columns_page(pages, request, form, head)
    if "look" in request.POST:
        return _columns_shown(pages, request, head, request.POST.dict())
    form = ColumnsForm(request.POST, user=request.user, head=head)
    if form.is_valid():
        given, layout = form.cleaned_data, form.layout
        try:
            read_csv(data, layout)  # before its layout is kept
            mapping = keep_mapping(
                lessor=given["lessor"],
                name=given["name"],
                columns=layout.columns,
                delimiter=layout.delimiter,
                day_format=layout.day_format,
                acting_user=acting(request),
            )
            return import_statement(
                lessor=given["lessor"],
                name=given["file_name"],
                data=data,
                mapping=mapping,
                acting_user=acting(request),
            )
        except (DomainError, ValidationError) as refusal:
            refuse(form, refusal)
    return _columns_page(pages, request, form, head)


def _head_by_itself(data: bytes) -> Head:
    """As the file was shown first. Raises ValidationError for what no form of ours carried."""
    try:
        return head_of(data)
    except BadFile as error:
        raise ValidationError(_("Choose the file again.")) from error


def _columns_page(pages: Any, request: HttpRequest, form: ColumnsForm, head: Head) -> HttpResponse:
    return _page(pages, request, form, "billing/admin/bank_columns.html", {"head": head})


def _unpacked(text: str) -> bytes:
    """Raises ValidationError for what no form of ours carried."""
    try:
        inflate = zlib.decompressobj()
        data = inflate.decompress(base64.b64decode(text, validate=True), LARGEST_FILE)
    except (zlib.error, binascii.Error, ValueError) as error:
        raise ValidationError(_("Choose the file again.")) from error
    if not data or inflate.unconsumed_tail:
        raise ValidationError(_("Choose the file again."))
    return data


def _page(
    pages: Any, request: HttpRequest, form: WorkForm, template: str, context: dict[str, Any]
) -> HttpResponse:
    return TemplateResponse(
        request,
        template,
        {
            **pages.admin_site.each_context(request),
            "title": _("Read a bank statement"),
            "submit_text": _("Read the statement"),
            "form": form,
            "media": pages.media,
            "opts": pages.opts,
            "back": pages.list_address(),
            **context,
        },
    )


@admin.register(CsvMapping)
class CsvMappingAdmin(ReadOnlyAdmin):
    """Made where a statement is read; read here."""

    related = ("lessor",)
    list_display = ("name", "lessor", "columns_shown", "day_format")
    list_filter = ("lessor",)
    search_fields = ("name",)
    exported = ("lessor__code", "name", "delimiter", "day_format")
    fields = ("lessor", "name", "columns_shown", "delimiter", "day_format")
    readonly_fields = ("columns_shown",)

    @admin.display(description=_("columns"))
    def columns_shown(self, mapping: CsvMapping) -> str:
        told = (
            formats.labelled(str(CsvRole(role).label), heading, language())
            for role, heading in mapping.columns.items()
        )
        return formats.apart(told, language())
