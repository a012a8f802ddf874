"""`/api/v1/leases/{number}/documents/`: what was issued, and what came back signed."""

import datetime as dt
from typing import Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.downloads import attached
from core.uploads import accepted_media_types
from leases.api import shapes
from leases.api.reading import visible_lease
from leases.models import Lease, LeaseDocument, SignedCopy
from leases.selectors.documents import contracts_from_elsewhere, documents_of
from leases.services.signed_copies import keep_contract_from_elsewhere, keep_signed_copy
from leases.signature import ByHand, SignedFile
from sites.api.base import Resource, Row, day_asked
from sites.api.giving import GivesBytes
from sites.api.receiving import BYTES, TakesBytes, received
from sites.api.writing import repeatable

MOST_SIGNERS: Final = 500
"""Characters, as on the staff page."""


class LeaseDocuments(Resource):
    """The documents of a lease as they were issued, the older first, with their signed copies; and
    the contract of a lease that was signed elsewhere."""

    resource = "lease"
    serializer_class = shapes.LeaseDocumentsShape
    pagination_class = None

    @extend_schema(operation_id="leases_documents_list")
    def get(self, request: Request, number: str) -> Response:
        lease = visible_lease(request.user, number)
        elsewhere = contracts_from_elsewhere(lease, request.user)
        return Response(
            {
                "results": [_row(each) for each in documents_of(lease, request.user)],
                "signed_elsewhere": [_copy(each) for each in elsewhere],
            }
        )


class LeaseDocumentBytes(GivesBytes, Resource):
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


class SignedCopyBytes(GivesBytes, Resource):
    """A signed copy as it was uploaded."""

    resource = "lease"
    serializer_class = None
    pagination_class = None

    @extend_schema(
        operation_id="leases_signed_copies_retrieve",
        responses={(200, kind): OpenApiTypes.BINARY for kind in accepted_media_types()},
    )
    def get(self, request: Request, number: str, pk: int) -> HttpResponseBase:
        lease = visible_lease(request.user, number)
        rows = SignedCopy.objects.visible_to(request.user)
        found = rows.filter(lease=lease, pk=pk).first()
        if found is None:
            raise Http404
        return attached(found.file, name=found.name, media_type=found.media_type)


class SignedCopyKept(TakesBytes, Resource):
    """`PUT /api/v1/leases/{number}/signed-copies/{name}`: the bytes as they are."""

    resource = "lease"
    own_words = frozenset({"document", "signed_on", "signers"})

    @extend_schema(
        operation_id="leases_signed_copies_update",
        parameters=[
            OpenApiParameter(
                "document",
                int,
                description="id of what was signed; none: the contract of a lease that was signed "
                "elsewhere and imported.",
            ),
            OpenApiParameter("signed_on", dt.date, required=True),
            OpenApiParameter(
                "signers", str, required=True, description="Names and capacities, one a line."
            ),
        ],
        request=BYTES,
        responses=shapes.SignedCopyShape,
    )
    @repeatable
    def put(self, request: Request, number: str, name: str) -> Response:
        """Keep what came back signed. The same bytes again are the copy that is there."""
        user: Any = request.user
        lease = visible_lease(user, number)
        file = received(request)
        signed = SignedFile(
            file=file,
            name=name,
            size=file.seek(0, 2),
            signed_on=day_asked(request, "signed_on"),
            signers=_signers(request),
        )
        if (document := _document(request, lease)) is None:
            kept = keep_contract_from_elsewhere(lease=lease, signed=signed, acting_user=user)
            return Response(_copy(kept))
        copy = keep_signed_copy(document=document, signature=ByHand(signed), acting_user=user)
        return Response(_copy(copy))


def _document(request: Request, lease: Lease) -> LeaseDocument | None:
    asked = request.query_params.get("document")
    if asked is None:
        return None
    rows = LeaseDocument.objects.visible_to(request.user).filter(lease=lease)
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    found = rows.select_related("lease").filter(pk=int(asked)).first() if known else None
    if found is None:
        raise ValidationError({"document": [_("The lease has no such document.")]})
    return found


def _signers(request: Request) -> str:
    signers = request.query_params.get("signers", "")
    if "\0" in signers:
        raise ValidationError({"signers": [_("NUL is no letter.")]})
    if len(signers) > MOST_SIGNERS:
        told = _("At most %(most)s characters.") % {"most": MOST_SIGNERS}
        raise ValidationError({"signers": [told]})
    return signers


def _row(document: LeaseDocument) -> Row:
    return {
        "id": document.pk,
        "kind": document.kind,
        "language": document.language,
        "amendment": document.amendment.number if document.amendment is not None else None,
        "report": document.report_id,
        "settlement": document.settlement_id,
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
