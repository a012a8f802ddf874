"""The addresses that the OpenAPI document is made of, under the prefix that clients use."""

from django.urls import include, path

from technopark.api.urls import resources

urlpatterns = [path("api/v1/", include(resources))]
