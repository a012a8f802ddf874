"""Routes of applications."""

from django.urls import path

from applications.api import calls, drafts, views
from applications.api.actions import ACTS, act_view

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
        "applications/<str:reference>/documents/<str:key>/<str:name>",
        drafts.FileDocument.as_view(),
        name="application_document",
    ),
    *(
        path(
            f"applications/<str:reference>/{act.name}/",
            act_view(act).as_view(),
            name=f"application_{act.name}",
        )
        for act in ACTS
    ),
]
