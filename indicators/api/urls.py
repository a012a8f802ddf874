"""Routes of indicators."""

from django.urls import path

from indicators.api import behind, figures, profiles

urlpatterns = [
    path("indicators/", figures.IndicatorList.as_view(), name="indicators"),
    path("indicators/<str:name>/", figures.IndicatorFigure.as_view(), name="indicator"),
    path("indicators/<str:name>/rows/", behind.IndicatorRows.as_view(), name="rows"),
    path("indicators/<str:name>/change/", behind.IndicatorChange.as_view(), name="change"),
    path("profiles/", profiles.ProfileList.as_view(), name="profiles"),
    path("profiles/<str:name>/", profiles.ProfileRow.as_view(), name="profile"),
]
