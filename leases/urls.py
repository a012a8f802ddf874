"""Routes of the public directory, and of the staff site's working pages about leases."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http.response import HttpResponseBase
from django.urls import path

from leases.views import agenda, documents, handovers, spaces, stacking, timeline
from leases.views.directory import directory

urlpatterns = [path("directory/", directory, name="directory")]

STAFF_PAGES: Final[Mapping[str, tuple[str, Callable[..., HttpResponseBase]]]] = {
    "agenda": ("leases/agenda/", agenda.agenda_page),
    "lease_document": ("lease-documents/<int:pk>/", documents.document_page),
    "handover_photo": ("handover-photos/<int:pk>/", handovers.photo_page),
    "lease_signed_copy": ("signed-copies/<int:pk>/", documents.signed_copy_page),
    "settlement_evidence": ("settlement-evidence/<int:pk>/", documents.evidence_page),
    "stacking_plan": ("plan/", stacking.plan_page),
    "space_story": ("plan/spaces/<int:pk>/", spaces.space_page),
    "hold_space": ("plan/spaces/<int:pk>/hold/", spaces.hold_page),
    "prolong_hold": ("plan/holds/<int:pk>/prolong/", spaces.prolong_page),
    "release_hold": ("plan/holds/<int:pk>/release/", spaces.release_page),
    "timeline": ("timeline/", timeline.timeline_page),
}
"""By name, for `technopark.staff.site`, which puts its door before each."""
