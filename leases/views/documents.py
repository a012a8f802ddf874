"""Documents of leases as files to save, behind the staff site's door."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.downloads import attached
from leases.models import LeaseDocument, SettlementEvidence, SignedCopy
from sites.admin.scoping import acting


@require_safe
def document_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    rows = LeaseDocument.objects.visible_to(acting(request)).select_related(
        "lease", "amendment", "report"
    )
    document = get_object_or_404(rows, pk=pk)
    return attached(document.file, name=document.filename, media_type="application/pdf")


@require_safe
def signed_copy_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    copy = get_object_or_404(SignedCopy.objects.visible_to(acting(request)), pk=pk)
    return attached(copy.file, name=copy.name, media_type=copy.media_type)


@require_safe
def evidence_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(SettlementEvidence.objects.visible_to(acting(request)), pk=pk)
    return attached(found.file, name=found.name, media_type=found.media_type)
