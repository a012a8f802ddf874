"""The documents of a file: listed, opened, put in their place, taken back.

What a file is, its bytes say; the declared kind is one of those that are accepted.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api import shapes
from applications.api.drafts import ReadsFiles
from applications.api.files import DOCUMENT
from applications.errors import NotOpenable
from applications.models import Application, Document
from applications.permissions import can_open
from applications.selectors.documents import documents_for
from applications.services import documents
from applications.services.reading import note_reading
from applications.workflow import State
from core.downloads import attached
from core.uploads import accepted_media_types, cleaned_name
from sites.api.base import Row
from sites.api.giving import GivesBytes
from sites.api.receiving import BYTES, TakesBytes, received
from sites.api.writing import KEY_HEADER, repeatable

NO_KEY: Final = "-"
"""In an address: a document that was not asked for."""


class OfFile(ReadsFiles):
    def place(self, user: Any, reference: str) -> Application:
        """The client's own draft, or a file that was sent."""
        drafts = Application.objects.drafts_of_client(user)
        draft = drafts.filter(reference=reference).first()
        return draft or self.file(user, reference)

    def documents(self, user: Any, file: Application) -> Iterable[Document]:
        """Those of the file that the user may know of."""
        kept = Document.objects.filter(application=file).kept().order_by("id")
        known = documents_for(user, file).values("pk")
        return kept if file.state == State.DRAFT else kept.filter(pk__in=known)


class DocumentList(OfFile):
    """`GET /applications/{reference}/documents/`."""

    many: ClassVar[bool] = True
    pagination_class = None  # a file has thirty at the most
    queryset = Document.objects.none()  # for the OpenAPI document

    @extend_schema(responses=shapes.DocumentShape)
    def get(self, request: Request, reference: str) -> Response:
        """What came with a file, the oldest first; `id` opens one."""
        file = self.place(request.user, reference)
        return Response([document_row(one) for one in self.documents(request.user, file)])


class OneDocument(GivesBytes, OfFile):
    """`GET /applications/{reference}/documents/{id}/`."""

    also_refused = ("409",)

    @extend_schema(responses={(200, *accepted_media_types()): OpenApiTypes.BINARY})
    def get(self, request: Request, reference: str, pk: int) -> FileResponse:
        """The bytes as they came, to be saved. That the client's person read the file stands in
        its trail. While it waits for the virus scan, or where one was found: 409 `not_openable`."""
        user: Any = request.user
        file = self.place(user, reference)
        document = next((one for one in self.documents(user, file) if one.pk == pk), None)
        if document is None:
            raise Http404
        verdict = can_open(document)
        if not verdict:
            raise NotOpenable(reason=verdict.reason)
        note_reading(application=file, user=user)
        return attached(document.file, name=document.name, media_type=document.media_type)


class FileDocument(TakesBytes, OfFile):
    """`PUT` and `DELETE /applications/{reference}/documents/{key}/{name}`: the bytes as they are.

    Of the client's own draft, and on the applicant's word of a file that was sent.
    """

    @extend_schema(
        request=BYTES,
        responses={200: shapes.DocumentShape},
    )
    @repeatable
    def put(self, request: Request, reference: str, key: str, name: str) -> Response:
        """Put a document in its place. `key` is the document's or the file question's in the call;
        `-`: whatever else the applicant wishes to show. The same bytes under the same name change
        nothing; other bytes replace them, which wants an Idempotency-Key."""
        user: Any = request.user
        place = self.place(user, reference)
        file = received(request)
        made = documents.add_document(
            application=place,
            key=asked_as(key),
            file=file,
            name=name,
            size=file.seek(0, 2),
            in_place=True,
            may_replace=KEY_HEADER in request.headers,
            acting_user=user,
        )
        return Response(document_row(made))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, reference: str, key: str, name: str) -> Response:
        """Take a document back, by the name that it was put under or the one it was given."""
        user: Any = request.user
        place = self.place(user, reference)
        found = place.documents.kept().filter(key=asked_as(key), name=cleaned_name(name)).first()
        if found is None:
            raise Http404
        documents.remove_document(document=found, acting_user=user)
        return Response(status=204)


def asked_as(key: str) -> str:
    return "" if key == NO_KEY else key


def document_row(document: Document) -> Row:
    return {column: getattr(document, column) for column in DOCUMENT}
