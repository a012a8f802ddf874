"""What is asked of an applicant, and what each version of their answers said."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import ApplicationState, ItemKind, RequestState
from applications.models.files import Application
from applications.querysets import (
    InformationRequestQuerySet,
    RequestedItemQuerySet,
    RevisionQuerySet,
)
from core.fields import PERSONAL
from core.history import tracked


class Revision(models.Model):
    """The answers as they were sent: the first by applying, each other by answering a request.

    Insert-only. `answers` maps the name of each field to its value as JSON; reviews name the
    revision they read.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="revisions", verbose_name=_("application")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    # NULL once erased.
    answers = models.JSONField(_("answers"), null=True, db_comment=PERSONAL)
    sent_at = models.DateTimeField(pgettext_lazy("date", "sent"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        db_comment=PERSONAL,
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the answers")
        verbose_name_plural = _("versions of the answers")
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], name="applications_revision_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.number}"


@tracked()
class InformationRequest(models.Model):
    """Something the applicant has to complete before the file goes on.

    Only the named items open for them, the file's clock stands still, and answering brings the
    file back to `asked_in`. Written by `services.requests`.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="requests", verbose_name=_("application")
    )
    asked_in = models.CharField(_("asked in"), max_length=16, choices=ApplicationState)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    asked_at = models.DateTimeField(_("asked"))
    message = models.TextField(_("message to the applicant"), max_length=5000, db_comment=PERSONAL)
    due_on = models.DateField(_("answer by"))
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_on = models.DateField(_("last reminder"), null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState, default=RequestState.OPEN
    )
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = InformationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="applications_request_one_open",
                condition=Q(state=RequestState.OPEN),
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, settled_at__isnull=True)
                | (~Q(state=RequestState.OPEN) & Q(settled_at__isnull=False)),
                name="applications_request_settled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="applications_request_due",
                condition=Q(state=RequestState.OPEN),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.due_on}"


@tracked()
class RequestedItem(models.Model):
    """One thing that is open to the applicant while the request is."""

    request = models.ForeignKey(
        InformationRequest, models.CASCADE, related_name="items", verbose_name=_("request")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind)
    key = models.CharField(_("item"), max_length=40)

    objects = RequestedItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("requested item")
        verbose_name_plural = _("requested items")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind", "key"], name="applications_requesteditem_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.key}"
