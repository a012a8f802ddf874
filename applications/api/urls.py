"""Routes of applications."""

from django.urls import path

from applications.api import views

urlpatterns = [
    path("applications/", views.ApplicationList.as_view(), name="applications"),
    path("applications/<str:reference>/", views.ApplicationRow.as_view(), name="application"),
]
