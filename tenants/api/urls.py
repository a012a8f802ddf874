"""Routes of companies."""

from django.urls import path

from tenants.api import follow_ups, views

urlpatterns = [
    path("sectors/", views.SectorList.as_view(), name="sectors"),
    path("companies/", views.CompanyList.as_view(), name="companies"),
    path("companies/<int:pk>/", views.CompanyRow.as_view(), name="company"),
    path(
        "companies/<int:pk>/declarations/",
        follow_ups.CompanyDeclarations.as_view(),
        name="company_declarations",
    ),
    path("follow-ups/", follow_ups.FollowUpList.as_view(), name="follow_ups"),
]
