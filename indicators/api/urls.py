"""Routes of indicators."""

from django.urls import path

from indicators.api import views

urlpatterns = [
    path("indicators/", views.IndicatorList.as_view(), name="indicators"),
    path("indicators/<str:name>/", views.IndicatorFigure.as_view(), name="indicator"),
    path("indicators/<str:name>/series/", views.IndicatorSeries.as_view(), name="series"),
    path("indicators/<str:name>/rows/", views.IndicatorRows.as_view(), name="rows"),
]
