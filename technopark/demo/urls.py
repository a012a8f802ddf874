"""Routes of the demo's own page."""

from django.urls import path

from technopark.demo import views

urlpatterns = [path("", views.demo, name="demo")]
