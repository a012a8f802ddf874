"""Every address of the house."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from technopark import health, robots
from technopark.metrics.views import metrics

urlpatterns = [
    path("health/", health.live, name="health"),
    path("health/ready/", health.ready, name="health_ready"),
    path("metrics", metrics, name="metrics"),
    path("robots.txt", robots.robots, name="robots"),
    path("api/", include("technopark.api.urls")),
    path("", include("sites.urls")),
    path("", include("tenants.urls")),
    path("", include("applications.urls")),
    path("", include("leases.urls")),
    path("", include("billing.urls")),
    path("account/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("staff/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("technopark.demo.urls")))
