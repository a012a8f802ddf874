"""`/api/v1/payments/{number}/certificate/file/`: the paper that shows that it was withheld."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api import payment_shapes
from billing.api.payments import CERTIFICATE_FILE, visible_payment
from billing.models import Certificate
from billing.services.certificates import keep_certificate_file
from core.downloads import attached
from core.uploads import accepted_media_types
from sites.api.base import Resource
from sites.api.giving import GivesBytes
from sites.api.receiving import BYTES, TakesBytes, received
from sites.api.writing import KEY_HEADER, repeatable


class CertificateBytes(GivesBytes, Resource):
    """The file of a certificate, as it was uploaded."""

    resource = "payment"
    serializer_class = None
    pagination_class = None

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in accepted_media_types()})
    def get(self, request: Request, number: str) -> HttpResponseBase:
        rows = Certificate.objects.visible_to(request.user).exclude(file="")
        found = rows.filter(payment=visible_payment(request.user, number)).first()
        if found is None:
            raise Http404
        return attached(found.file, name=found.name, media_type=found.media_type)


class CertificateFileKept(TakesBytes, Resource):
    """`PUT /api/v1/payments/{number}/certificate/file/{name}`: the bytes as they are."""

    resource = "payment"

    @extend_schema(request=BYTES, responses=payment_shapes.CertificateFileShape)
    @repeatable
    def put(self, request: Request, number: str, name: str) -> Response:
        """Keep the file of a certificate that was entered. The same bytes again change nothing;
        other bytes replace it, which wants an Idempotency-Key."""
        user: Any = request.user
        payment = visible_payment(user, number)
        file = received(request)
        kept = keep_certificate_file(
            payment=payment,
            file=(file, name, file.seek(0, 2)),
            may_replace=KEY_HEADER in request.headers,
            acting_user=user,
        )
        return Response({column: getattr(kept, column) for column in CERTIFICATE_FILE})
