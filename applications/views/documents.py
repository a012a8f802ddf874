"""Documents: uploaded and removed by applicants, opened by whoever may."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, Document
from applications.permissions import can_open
from applications.selectors.documents import (
    documents_for,
    shown_to_applicant,
    wanted_documents,
)
from applications.services.documents import add_document, remove_document
from applications.views.access import acting_applicant, own_file
from applications.views.limits import UploadThrottle
from applications.workflow import State
from core.downloads import attached
from core.errors import DomainError
from core.limits import allowed
from sites.admin.scoping import acting


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken; `key` of the document it was meant for."""

    key: str
    name: str
    reason: str


@require_POST
def upload_documents(request: HttpRequest, reference: str) -> HttpResponse:
    """Several files at once for one document: each that is good is kept, each other is named."""
    file = own_file(request, reference)
    key = request.POST.get("key", "")[:40]
    sent = request.FILES.getlist("files")
    refused, kept = [], 0
    if not sent:
        refused.append(Refused(key, "", gettext("Choose a file.")))
    elif not allowed(request, UploadThrottle):
        reason = gettext("Too many files came from your network. Try again in an hour.")
        refused = [Refused(key, one.name or "", reason) for one in sent]
        sent = []
    for one in sent:
        try:
            add_document(
                application=file,
                key=key,
                file=cast("BinaryIO", one.file),
                name=one.name or "",
                size=one.size or 0,
                acting_user=acting_applicant(request, file),
            )
        except DomainError as error:
            refused.append(Refused(key, one.name or "", error.message))
        else:
            kept += 1
    said = ngettext("%(count)s file is here.", "%(count)s files are here.", kept)
    return _answer(request, file, key, refused, said % {"count": kept} if kept else "")


@require_POST
def remove_own_document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    file = own_file(request, reference)
    document = get_object_or_404(Document, application=file, pk=pk)
    refused = []
    try:
        remove_document(document=document, acting_user=acting_applicant(request, file))
    except DomainError as error:
        refused = [Refused(document.key, document.name, error.message)]
    said = "" if refused else gettext("The file is removed.")
    return _answer(request, file, document.key, refused, said)


@require_safe
def own_document(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """A file of one's own application."""
    for document in shown_to_applicant(own_file(request, reference)):
        if document.pk == pk:
            return _served(document)
    raise Http404


@require_safe
def document_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For staff and reviewers, behind the staff site's door."""
    document = get_object_or_404(Document.objects.select_related("application"), pk=pk)
    if not documents_for(acting(request), document.application).filter(pk=pk).exists():
        raise Http404
    return _served(document)


def _served(document: Document) -> HttpResponseBase:
    verdict = can_open(document)
    if not verdict:
        return HttpResponse(str(verdict.reason), status=409, content_type="text/plain")
    return attached(document.file, name=document.name, media_type=document.media_type)


def _answer(
    request: HttpRequest, file: Application, key: str, refused: list[Refused], said: str
) -> HttpResponse:
    """To the script the documents as they are now; without it, back to the page that asked."""
    if request.headers.get("X-Part") == "documents":
        return render(
            request,
            "applications/documents.html",
            {
                "application": file,
                "wanted": wanted_documents(file),
                "refused": refused,
                "said": said,
                "said_of": key,
                "next": _asked_back(request),
            },
        )
    for one in refused:
        named = gettext("%(name)s: %(reason)s") % {"name": one.name, "reason": one.reason}
        messages.error(request, named if one.name else one.reason)
    if said:
        messages.success(request, said)
    page = "draft" if file.state == State.DRAFT else "my_application"
    back = _asked_back(request) or reverse(page, args=[file.reference])
    return redirect(f"{back}#documents")


def _asked_back(request: HttpRequest) -> str:
    """The page of ours that the form stood on; "" when it names none."""
    page = request.POST.get("next", "")
    ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if ours else ""
