"""Routes of applicants."""

from django.urls import path, re_path

from applications.views import apply, mine

urlpatterns = [
    path("apply/", apply.apply, name="apply"),
    path("apply/received/<str:token>/", apply.received, name="apply_received"),
    path("my/", mine.my_applications, name="my_applications"),
    path("my/<str:reference>/", mine.my_application, name="my_application"),
    path("my/<str:reference>/answer/", mine.answer_request, name="answer_request"),
    re_path(
        r"^my/(?P<reference>[^/]+)/(?P<verb>accept|decline|withdraw)/$",
        mine.answer,
        name="answer_offer",
    ),
]
