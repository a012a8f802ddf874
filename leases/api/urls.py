"""Routes of leases and of the public directory."""

from django.urls import path

from leases.api import statements, views

urlpatterns = [
    path("leases/", views.LeaseList.as_view(), name="leases"),
    path("leases/<str:number>/", views.LeaseRow.as_view(), name="lease"),
    path(
        "leases/<str:number>/statement/",
        statements.LeaseStatement.as_view(),
        name="lease_statement",
    ),
    path("public/companies/", views.PublicCompanies.as_view(), name="public_companies"),
]
