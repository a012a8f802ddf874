"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path

from technopark import health

urlpatterns = [
    path("health/", health.live, name="health"),
    path("health/ready/", health.ready, name="health_ready"),
    path("", include("applications.urls")),
    path("account/", include("allauth.urls")),
    path("staff/", admin.site.urls),
]
