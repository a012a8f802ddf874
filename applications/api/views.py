"""`/api/v1/applications/`: the files of the client's sites."""

from django.db.models import QuerySet

from applications.api import shapes
from applications.filters import ApplicationFilter
from applications.models import Application, Decision, Offer
from sites.api.base import ListResource, Row, RowResource, days

_FILE = {
    "reference": "reference",
    "site": "site__code",
    "state": "state",
    "state_since": "state_since",
    "submitted_at": "submitted_at",
    "applicant_kind": "applicant_kind",
    "name": "name",
    "legal_form": "legal_form",
    "ice": "ice",
    "team_size": "team_size",
    "wanted_m2": "wanted_m2",
    "wanted_start": "wanted_start",
    "company": "company_id",
    "due_at": "due_at",
}
_MORE = ("project", "team", "website", "contact_name", "contact_email", "contact_phone", "language")
_DECISION = ("outcome", "reasons", "conditions", "until", "decided_at", "published_at")
_OFFER = ("space__code", "period", "area_m2", "monthly_rent", "deposit", "state", "expires_at")


class ApplicationList(ListResource):
    """Applications, without what people wrote and how to reach them."""

    resource = "application"
    columns = ("id", *_FILE.values())
    filterset_class = ApplicationFilter
    serializer_class = shapes.ApplicationShape

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        return {name: row[column] for name, column in _FILE.items()}


class ApplicationRow(RowResource):
    """One file, with its decisions and its offers, the older first."""

    resource = "application"
    columns = ("id", *_FILE.values(), *_MORE)
    serializer_class = shapes.ApplicationDetailShape
    lookup_field = "reference"

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.visible_to(self.request.user)

    def shape(self, row: Row) -> Row:
        decisions = Decision.objects.filter(application=row["id"]).order_by("id")
        offers = Offer.objects.filter(application=row["id"]).order_by("id").values(*_OFFER)
        return {
            **{name: row[column] for name, column in _FILE.items()},
            **{name: str(row[name] or "") for name in _MORE},
            "decisions": list(decisions.values(*_DECISION)),
            "offers": [_offer(offer) for offer in offers],
        }


def _offer(row: Row) -> Row:
    return {
        "space": row["space__code"],
        **days(row["period"]),
        **{name: row[name] for name in _OFFER[2:]},
    }
