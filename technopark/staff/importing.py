"""Import in the staff site: upload → what would happen to each row → confirm."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.models import User
from accounts.rights import Action
from core.cells import Unreadable, as_decimal
from core.errors import DomainError, NotAllowed
from core.imports import (
    ControlTotalDiffers,
    Importer,
    Outcome,
    Plan,
    refused_rows,
    run,
)
from core.tables import LARGEST_FILE, Table, read_table
from sites.permissions import require_somewhere
from sites.scopes import scope_of
from technopark.importers import CONTROLLED, RESOURCES, importer
from technopark.staff.kept_files import Upload, find, keep

SHOWN_ROWS: Final = 200
TITLES: Final = {
    "companies": gettext_lazy("Import companies"),
    "spaces": gettext_lazy("Import spaces"),
    "leases": gettext_lazy("Import leases"),
    "declarations": gettext_lazy("Import declarations"),
    "open_invoices": gettext_lazy("Import open invoices"),
    "balances": gettext_lazy("Import balances"),
    "deposits": gettext_lazy("Import deposits"),
    "readings": gettext_lazy("Import meter readings"),
}
OUTCOMES: Final = {
    Outcome.REFUSED: gettext_lazy("refused"),
    Outcome.UPDATE: gettext_lazy("changed"),
    Outcome.CREATE: gettext_lazy("new"),
    Outcome.UNCHANGED: gettext_lazy("unchanged"),
}


class UploadForm(forms.Form):
    """A file, and how its headings are to be understood."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        help_text=gettext_lazy("CSV (UTF-8 or Windows-1252) or XLSX, at most 20 MB."),
        widget=UnfoldAdminFileFieldWidget,
    )
    mapping = forms.CharField(
        label=gettext_lazy("headings"),
        required=False,
        help_text=gettext_lazy("One a line, where the file's differ: Raison sociale = name"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    create_companies = forms.BooleanField(
        label=gettext_lazy("add the companies that are not known"),
        required=False,
        widget=UnfoldBooleanWidget,
    )

    control_total = forms.CharField(
        label=gettext_lazy("control total, MAD"),
        help_text=gettext_lazy("What the old system says this file adds up to."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if what not in CONTROLLED:
            del self.fields["control_total"]
        if what != "leases":
            del self.fields["create_companies"]
        for field in self.fields.values():
            field.label = capfirst(str(field.label))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 20 MB: divide it."))
        return file

    def clean_control_total(self) -> Decimal:
        try:
            return as_decimal(self.cleaned_data["control_total"], places=2)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error

    def clean_mapping(self) -> dict[str, str]:
        mapping = {}
        for line in self.cleaned_data["mapping"].splitlines():
            heading, equals, column = (part.strip() for part in line.rpartition("="))
            if not line.strip():
                continue
            if not equals or not heading or not column:
                raise forms.ValidationError(
                    _("Write “%(line)s” as heading = column.") % {"line": line}
                )
            mapping[heading] = column
        return mapping


def import_page(request: HttpRequest, what: str) -> HttpResponse:
    """Every step. Raises Http404 for an unknown `what`, PermissionDenied without the right."""
    if what not in RESOURCES:
        raise Http404
    try:
        require_somewhere(request.user, Action.IMPORT, RESOURCES[what])
    except NotAllowed as error:
        raise PermissionDenied from error
    token = request.POST.get("token") or request.GET.get("token")
    if not token:
        return _upload(request, what)
    found = find(token, user=_user(request).pk, what=what)
    if found is None:
        messages.error(request, _("The upload is no longer there: choose the file again."))
        return redirect("admin:import_data", what)
    upload, data = found
    rows = importer(what, create_companies=upload.create_companies)
    table = read_table(data, columns=rows.columns, mapping=upload.mapping)
    if request.method == "POST":
        return _write(request, rows, table, upload, token)
    plan = rows.plan(table, acting_user=_user(request))
    if "refused" in request.GET:
        return _refused_file(plan, upload)
    return _preview(request, plan, upload, token)


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user  # type: ignore[no-any-return]


def _upload(request: HttpRequest, what: str) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, what=what)
    columns = importer(what).columns
    if request.method == "POST" and form.is_valid():
        data, given = form.cleaned_data["file"].read(), form.cleaned_data
        try:
            read_table(data, columns=columns, mapping=given["mapping"])
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            upload = Upload(
                user=_user(request).pk,
                what=what,
                name=given["file"].name,
                mapping=given["mapping"],
                create_companies=given.get("create_companies", False),
                control_total=f"{given['control_total']}" if "control_total" in given else None,
            )
            return redirect(_address(what, token=keep(upload, data)))
    others = [
        (TITLES[other], reverse("admin:import_data", args=[other]))
        for other, resource in RESOURCES.items()
        if other != what and scope_of(request.user, Action.IMPORT, resource)
    ]
    return _page(request, what, {"form": form, "columns": columns, "others": others})


def _preview(request: HttpRequest, plan: Plan, upload: Upload, token: str) -> HttpResponse:
    order, differs = list(OUTCOMES), ""
    try:
        if plan.controlled:
            plan.check_total(_control(upload))
    except ControlTotalDiffers as error:
        differs = error.message
    rows = sorted(plan.rows, key=lambda row: order.index(row.outcome))
    counts = plan.counts
    return _page(
        request,
        upload.what,
        {
            "upload": upload,
            "token": token,
            "plan": plan,
            "rows": [(row, OUTCOMES[row.outcome]) for row in rows[:SHOWN_ROWS]],
            "hidden_rows": max(0, len(rows) - SHOWN_ROWS),
            "counts": [(label, counts[outcome]) for outcome, label in OUTCOMES.items()],
            "refused": counts[Outcome.REFUSED],
            "differs": differs,
            "whole": differs or (plan.controlled and counts[Outcome.REFUSED]),
            "to_write": counts[Outcome.CREATE] + counts[Outcome.UPDATE],
            "refused_address": _address(upload.what, token=token, refused="1"),
        },
    )


def _write(
    request: HttpRequest, rows: Importer, table: Table, upload: Upload, token: str
) -> HttpResponse:
    try:
        plan = run(
            rows,
            table=table,
            acting_user=_user(request),
            skip_bad="skip_bad" in request.POST,
            shown=request.POST.get("shown", ""),
            control_total=_control(upload),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(_address(upload.what, token=token))
    counts = plan.counts
    told = {"new": counts[Outcome.CREATE], "changed": counts[Outcome.UPDATE], "name": upload.name}
    messages.success(request, _("%(name)s: %(new)s new, %(changed)s changed.") % told)
    # What was refused is shown once more, with the file of those rows.
    if counts[Outcome.REFUSED]:
        return redirect(_address(upload.what, token=token))
    return redirect("admin:import_data", upload.what)


def _control(upload: Upload) -> Decimal | None:
    return None if upload.control_total is None else Decimal(upload.control_total)


def _refused_file(plan: Plan, upload: Upload) -> HttpResponse:
    stem = upload.name.rpartition(".")[0] or upload.name
    return HttpResponse(
        refused_rows(plan),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": "attachment; filename*=UTF-8''"
            + urlencode({"": f"{stem}.refused.csv"})[1:].replace("+", "%20")
        },
    )


def _page(request: HttpRequest, what: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(
        request,
        "staff/import.html",
        {**admin.site.each_context(request), "title": TITLES[what], "what": what, **context},
    )


def _address(what: str, **query: str) -> str:
    return f"{reverse('admin:import_data', args=[what])}?{urlencode(query)}"
