"""Every address under /api/."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from technopark.api import problems

_OPEN = {"authentication_classes": [], "permission_classes": [AllowAny], "throttle_classes": []}

resources = [
    path("", include("sites.api.urls")),
    path("", include("tenants.api.urls")),
    path("", include("applications.api.urls")),
    path("", include("leases.api.urls")),
    path("", include("billing.api.urls")),
    path("", include("indicators.api.urls")),
]
documents = [
    path("openapi.json", SpectacularJSONAPIView.as_view(**_OPEN), name="openapi"),
    path(
        "docs/", SpectacularSwaggerSplitView.as_view(url_name="api:openapi", **_OPEN), name="docs"
    ),
]
app_name = "api"
urlpatterns = [
    path("v1/", include(resources)),
    path("v1/", include(documents)),
    re_path("", problems.not_found),
]
