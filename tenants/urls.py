"""Routes of the page on which a company that left answers, and of the staff site about it."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http.response import HttpResponseBase
from django.urls import path

from tenants.views import declare, evidence

urlpatterns = [
    path("declare/<str:token>/", declare.declare, name="declare"),
    path("declare/<str:token>/anew/", declare.anew, name="declare_anew"),
]

STAFF_PAGES: Final[Mapping[str, tuple[str, Callable[..., HttpResponseBase]]]] = {
    "declared_evidence": ("declarations/<int:pk>/evidence/", evidence.evidence_page),
}
"""By name, for `technopark.staff.site`, which puts its door before each."""
