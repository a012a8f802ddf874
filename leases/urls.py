"""Routes of the public directory."""

from django.urls import path

from leases.views.directory import directory

urlpatterns = [path("directory/", directory, name="directory")]
