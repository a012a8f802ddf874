"""Routes of companies."""

from django.urls import path

from tenants.api import views

urlpatterns = [
    path("sectors/", views.SectorList.as_view(), name="sectors"),
    path("companies/", views.CompanyList.as_view(), name="companies"),
    path("companies/<int:pk>/", views.CompanyRow.as_view(), name="company"),
]
