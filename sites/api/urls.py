"""Routes of sites and spaces."""

from django.urls import path

from sites.api import views, walls

urlpatterns = [
    path("sites/", views.SiteList.as_view(), name="sites"),
    path("sites/<str:code>/", views.SiteRow.as_view(), name="site"),
    path("spaces/", views.SpaceList.as_view(), name="spaces"),
    path("spaces/<int:pk>/", views.SpaceRow.as_view(), name="space"),
    path("spaces/<int:pk>/split/", walls.SplitSpace.as_view(), name="space_split"),
    path("spaces/<int:pk>/merge/", walls.MergeSpaces.as_view(), name="space_merge"),
    path("public/sites/", views.PublicSites.as_view(), name="public_sites"),
    path("public/spaces/", views.PublicSpaces.as_view(), name="public_spaces"),
]
