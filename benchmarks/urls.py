"""The product's addresses, and the floor beside its lists."""

from django.urls import include, path

from benchmarks.rest_list import Floor

urlpatterns = [
    path("floor/<str:name>/", Floor.as_view()),
    path("", include("technopark.urls")),
]
