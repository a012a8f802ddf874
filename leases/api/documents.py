"""`/api/v1/leases/{number}/documents/`: what was issued, and what came back signed."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.downloads import attached
from core.uploads import accepted_media_types
from leases.api import shapes
from leases.api.reading import visible_lease
from leases.models import LeaseDocument, SignedCopy
from leases.selectors.documents import documents_of
from sites.api.base import Resource, Row


class LeaseDocuments(Resource):
    """The documents of a lease as they were issued, the older first, with their signed copies."""

    resource = "lease"
    serializer_class = shapes.LeaseDocumentsShape
    pagination_class = None

    @extend_schema(operation_id="leases_documents_list")
    def get(self, request: Request, number: str) -> Response:
        lease = visible_lease(request.user, number)
        return Response({"results": [_row(each) for each in documents_of(lease, request.user)]})


class LeaseDocumentBytes(Resource):
    """A document as it was issued."""

    resource = "lease"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="leases_documents_retrieve",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, number: str, pk: int) -> HttpResponseBase:
        lease = visible_lease(request.user, number)
        rows = LeaseDocument.objects.visible_to(request.user).filter(lease=lease)
        document = rows.select_related("lease", "amendment", "report").filter(pk=pk).first()
        if document is None:
            raise Http404
        return attached(document.file, name=document.filename, media_type="application/pdf")


class SignedCopyBytes(Resource):
    """A signed copy as it was uploaded."""

    resource = "lease"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="leases_documents_signed_retrieve",
        responses={(200, kind): OpenApiTypes.BINARY for kind in accepted_media_types()},
    )
    def get(self, request: Request, number: str, pk: int, copy: int) -> HttpResponseBase:
        lease = visible_lease(request.user, number)
        rows = SignedCopy.objects.visible_to(request.user)
        found = rows.filter(document__lease=lease, document=pk, pk=copy).first()
        if found is None:
            raise Http404
        return attached(found.file, name=found.name, media_type=found.media_type)


def _row(document: LeaseDocument) -> Row:
    return {
        "id": document.pk,
        "kind": document.kind,
        "language": document.language,
        "amendment": document.amendment.number if document.amendment is not None else None,
        "report": document.report_id,
        "day": document.day,
        "issued_at": document.made_at,
        "sha256": document.sha256,
        "signed_copies": [_copy(copy) for copy in document.signed_copies.all()],
    }


def _copy(copy: Any) -> Row:
    return {
        "id": copy.pk,
        "name": copy.name,
        "media_type": copy.media_type,
        "size": copy.size,
        "sha256": copy.sha256,
        "signed_on": copy.signed_on,
        "signers": copy.signers.splitlines(),
    }
