"""Routes of applications."""

from django.urls import path

from applications.api import views
from applications.api.actions import ACTS, act_view

urlpatterns = [
    path("applications/", views.ApplicationList.as_view(), name="applications"),
    path("applications/<str:reference>/", views.ApplicationRow.as_view(), name="application"),
    *(
        path(
            f"applications/<str:reference>/{act.name}/",
            act_view(act).as_view(),
            name=f"application_{act.name}",
        )
        for act in ACTS
    ),
]
