"""Routes of applications."""

from django.urls import path

from applications.api import calls, documents, drafts, partners, views
from applications.api.actions import ACTS, FILE_ACTS

urlpatterns = [
    path("calls/", calls.CallList.as_view(), name="calls"),
    path("applications/", views.ApplicationList.as_view(), name="applications"),
    path("applications/<str:reference>/", views.ApplicationRow.as_view(), name="application"),
    path(
        "applications/<str:reference>/submit/",
        drafts.Submit.as_view(),
        name="application_submit",
    ),
    path(
        "applications/<str:reference>/documents/",
        documents.DocumentList.as_view(),
        name="application_documents",
    ),
    path(
        "applications/<str:reference>/documents/<int:pk>/",
        documents.OneDocument.as_view(),
        name="application_opened",
    ),
    path(
        "applications/<str:reference>/documents/<str:key>/<str:name>",
        documents.FileDocument.as_view(),
        name="application_document",
    ),
    *(
        path(
            f"applications/<str:reference>/{act.name}/",
            FILE_ACTS.view(act).as_view(),
            name=f"application_{act.name}",
        )
        for act in ACTS
    ),
    path("partner/calls/", partners.PartnerCalls.as_view(), name="partner_calls"),
    path("partner/applications/", partners.PartnerFiles.as_view(), name="partner_applications"),
    path(
        "partner/applications/<str:reference>/",
        partners.PartnerFile.as_view(),
        name="partner_application",
    ),
    path(
        "partner/applications/<str:reference>/submit/",
        partners.PartnerSubmit.as_view(),
        name="partner_submit",
    ),
    path(
        "partner/applications/<str:reference>/answer-request/",
        partners.PartnerAnswer.as_view(),
        name="partner_answer",
    ),
    path(
        "partner/applications/<str:reference>/documents/",
        partners.PartnerDocuments.as_view(),
        name="partner_documents",
    ),
    path(
        "partner/applications/<str:reference>/documents/<int:pk>/",
        partners.PartnerDocument.as_view(),
        name="partner_opened",
    ),
    path(
        "partner/applications/<str:reference>/documents/<str:key>/<str:name>",
        partners.PartnerUpload.as_view(),
        name="partner_document",
    ),
]
