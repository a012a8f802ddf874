"""Routes of applicants."""

from django.urls import path, re_path

from applications.views import mine

urlpatterns = [
    path("my/<str:reference>/", mine.my_application, name="my_application"),
    re_path(
        r"^my/(?P<reference>[^/]+)/(?P<verb>accept|decline|withdraw)/$",
        mine.answer,
        name="answer_offer",
    ),
]
