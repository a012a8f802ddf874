"""`/api/v1/applications/`: the files of the client's sites."""

from django.db.models import QuerySet

from applications.api import shapes
from applications.api.drafts import DraftActs, DraftsBegun
from applications.api.files import FILE, IN_FULL, in_full, readable
from applications.filters import ApplicationFilter
from applications.models import Application
from sites.api.base import ListResource, Row, RowResource


class ApplicationList(DraftsBegun, ListResource):
    """Applications, without what people wrote and how to reach them."""

    resource = "application"
    columns = ("id", *FILE.values())
    filterset_class = ApplicationFilter
    serializer_class = shapes.ApplicationShape

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {name: row[column] for name, column in FILE.items()}


class ApplicationRow(DraftActs, RowResource):
    """One file, with its decisions, its offers and its trail, the older first."""

    resource = "application"
    columns = IN_FULL
    serializer_class = shapes.ApplicationDetailShape
    lookup_field = "reference"

    def get_queryset(self) -> QuerySet[Application]:
        return readable(self.request.user)

    def shape(self, row: Row) -> Row:
        return in_full(row, self.request.user)
