"""Routes of leases and of the public directory."""

from django.urls import path

from leases.api import (
    amendments,
    calendars,
    documents,
    handovers,
    holds,
    reading,
    settlements,
    statements,
    views,
)
from leases.api.actions import ACTS, LEASE_ACTS

urlpatterns = [
    path("leases/", views.LeaseList.as_view(), name="leases"),
    path("leases/<str:number>/", reading.LeaseRow.as_view(), name="lease"),
    path("leases/<str:number>/versions/", reading.LeaseVersions.as_view(), name="lease_versions"),
    path(
        "leases/<str:number>/statement/",
        statements.LeaseStatement.as_view(),
        name="lease_statement",
    ),
    path("leases/<str:number>/amendments/", amendments.Amendments.as_view(), name="amendments"),
    path(
        "leases/<str:number>/amendments/<int:pk>/",
        amendments.AmendmentRow.as_view(),
        name="amendment",
    ),
    path(
        "leases/<str:number>/amendments/<int:pk>/sign/",
        amendments.SignAmendment.as_view(),
        name="amendment_sign",
    ),
    path(
        "leases/<str:number>/amendments/<int:pk>/drop/",
        amendments.DropAmendment.as_view(),
        name="amendment_drop",
    ),
    path(
        "leases/<str:number>/documents/",
        documents.LeaseDocuments.as_view(),
        name="lease_documents",
    ),
    path(
        "leases/<str:number>/documents/<int:pk>/",
        documents.LeaseDocumentBytes.as_view(),
        name="lease_document_bytes",
    ),
    path(
        "leases/<str:number>/signed-copies/<int:pk>/",
        documents.SignedCopyBytes.as_view(),
        name="lease_signed_copy_bytes",
    ),
    path(
        "leases/<str:number>/signed-copies/<str:name>",
        documents.SignedCopyKept.as_view(),
        name="lease_signed_copy_kept",
    ),
    *(
        path(f"leases/<str:number>/handovers/{route}", view.as_view(), name=name)
        for route, view, name in handovers.ROUTES
    ),
    *(
        path(f"leases/<str:number>/settlements/{route}", view.as_view(), name=name)
        for route, view, name in settlements.ROUTES
    ),
    *(
        path(
            f"leases/<str:number>/{act.name}/",
            LEASE_ACTS.view(act).as_view(),
            name=f"lease_{act.name}",
        )
        for act in ACTS
    ),
    path("spaces/<int:pk>/calendar/", calendars.SpaceCalendar.as_view(), name="space_calendar"),
    path("spaces/<int:pk>/hold/", holds.HoldSpace.as_view(), name="space_hold"),
    path("spaces/<int:pk>/prolong-hold/", holds.ProlongHold.as_view(), name="space_prolong_hold"),
    path("spaces/<int:pk>/release-hold/", holds.ReleaseHold.as_view(), name="space_release_hold"),
    path("lettings/", views.LettingList.as_view(), name="lettings"),
    path("public/companies/", views.PublicCompanies.as_view(), name="public_companies"),
]
