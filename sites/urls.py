"""Routes of the public pages of the sites."""

from django.urls import path

from sites.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("sites/<str:code>/", public.site_page, name="site"),
]
