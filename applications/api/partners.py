"""`/api/v1/partner/`: all that a partner's token reaches.

An incubator's portal begins applications for its start-ups, sends them, follows them and answers
what is asked, on the applicant's word. It sees its own and nobody else's, as their applicants do.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api import bodies, shapes, told
from applications.api.answering import answer_request
from applications.api.calls import CallList
from applications.api.documents import DocumentList, FileDocument, OfFile, OneDocument
from applications.api.drafts import DraftActs, DraftsBegun, ReadsFiles, Submit
from applications.models import Application, CallVersion, Document
from applications.querysets import CallVersionQuerySet
from applications.selectors.documents import shown_to_applicant
from sites.api.base import ListResource, Row
from sites.api.writing import once, read


class ReadsBegun(ReadsFiles):
    """How a partner's portal reads a file."""

    resource = "begun"

    def file(self, user: Any, reference: str) -> Application:
        return told.begun_file(user, reference)

    def named(self, file: Application) -> str:
        return str(told.state_of(file).label)

    def answer(self, user: Any, reference: str) -> Row:
        return told.in_full_as_told(user, reference)


class PartnerCalls(CallList):
    """Open calls at the token's sites, with their questions and documents. A site without any
    call takes the usual answers alone."""

    resource = "begun"

    def versions(self) -> CallVersionQuerySet:
        return CallVersion.objects.answerable_by(self.request.user)


@extend_schema_view(post=extend_schema(responses={201: shapes.ToldDetailShape}))
class PartnerFiles(ReadsBegun, DraftsBegun, ListResource):
    """The applications that the partner began, drafts too."""

    columns = ("id", *told.BRIEF)
    serializer_class = shapes.ToldShape

    def get_queryset(self) -> QuerySet[Application]:
        return told.begun(self.request.user)

    def shape(self, row: Row) -> Row:
        return told.brief(row)


@extend_schema_view(patch=extend_schema(responses=shapes.ToldDetailShape))
class PartnerFile(ReadsBegun, DraftActs):
    """One of them."""

    @extend_schema(responses=shapes.ToldDetailShape)
    def get(self, request: Request, reference: str) -> Response:
        """Where it stands, in the words that the applicant reads; what is asked; the decision
        once it is published, the offer, and what was said between the applicant and the site."""
        return Response(self.answer(request.user, reference))


@extend_schema_view(post=extend_schema(responses=shapes.ToldDetailShape))
class PartnerSubmit(ReadsBegun, Submit):
    """Send a draft."""


class PartnerAnswer(ReadsBegun):
    """`POST /partner/applications/{reference}/answer-request/`."""

    @extend_schema(request=bodies.RequestedBody, responses=shapes.ToldDetailShape)
    @once
    def post(self, request: Request, reference: str) -> Response:
        """Answer all that `request` names, on the applicant's own word; the documents are put
        first."""
        user: Any = request.user
        file = self.file(user, reference)
        answer_request(file, user, read(request, bodies.RequestedBody))
        return Response(self.answer(user, reference))


class OfBegun(ReadsBegun, OfFile):
    def documents(self, user: Any, file: Application) -> Iterable[Document]:
        """Those that the applicant sees; one deleted for a virus is named too."""
        return shown_to_applicant(file)


class PartnerDocuments(OfBegun, DocumentList):
    """What was sent with one of them."""


class PartnerDocument(OfBegun, OneDocument):
    """One of these documents, to be read."""


class PartnerUpload(OfBegun, FileDocument):
    """One of these documents, to be put in its place or taken back."""
