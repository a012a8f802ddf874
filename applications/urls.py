"""Routes of applicants."""

from django.urls import path, re_path

from applications.views import apply, co_applicants, documents, drafts, export, mine

urlpatterns = [
    path("apply/", apply.apply, name="apply"),
    path("apply/received/<str:token>/", apply.received, name="apply_received"),
    path("apply/resume/<str:token>/", drafts.resume, name="resume_draft"),
    path("apply/<str:reference>/", drafts.draft, name="draft"),
    path("apply/<str:reference>/give-up/", drafts.discard, name="discard_draft"),
    path("apply/<str:reference>/address/", drafts.address, name="correct_address"),
    path("apply/<str:reference>/move/", drafts.move, name="move_draft"),
    path("apply/<str:reference>/send/", drafts.send, name="send_draft"),
    path("apply/<str:reference>/<str:chapter>/", drafts.chapter, name="draft_chapter"),
    path("my/", mine.my_applications, name="my_applications"),
    path("my/join/<str:token>/", co_applicants.join, name="join_application"),
    path("my/<str:reference>/", mine.my_application, name="my_application"),
    path("my/<str:reference>/answer/", mine.answer_request, name="answer_request"),
    path("my/<str:reference>/say/", mine.say, name="say"),
    path("my/<str:reference>/tasks/<int:pk>/", mine.settle_task, name="settle_task"),
    path("my/<str:reference>/export/", export.export, name="export_application"),
    path("my/<str:reference>/people/", co_applicants.invite, name="invite_co_applicant"),
    path(
        "my/<str:reference>/people/<int:pk>/remove/",
        co_applicants.remove,
        name="remove_co_applicant",
    ),
    path("my/<str:reference>/documents/", documents.upload_documents, name="upload_documents"),
    path("my/<str:reference>/documents/<int:pk>/", documents.own_document, name="document"),
    path(
        "my/<str:reference>/documents/<int:pk>/remove/",
        documents.remove_own_document,
        name="remove_document",
    ),
    re_path(
        r"^my/(?P<reference>[^/]+)/(?P<verb>accept|decline|withdraw)/$",
        mine.answer,
        name="answer_offer",
    ),
]
