"""A file that goes to another site, and people who apply together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.labels import TransferState
from applications.models.files import Application
from applications.querysets import CoApplicantQuerySet, TransferQuerySet
from core.fields import PERSONAL
from core.history import tracked
from sites.models import Site


@tracked()
class Transfer(models.Model):
    """A file on its way to another site: both sites' officers agree.

    Under way, both sites see the file (`Application.also_site`); then only the new one. Written
    by `services.transfers`.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="transfers", verbose_name=_("application")
    )
    source = models.ForeignKey(
        Site, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("transfer", "from")
    )
    target = models.ForeignKey(
        Site, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("transfer", "to")
    )
    reason = models.TextField(_("reason"), max_length=2000, db_comment=PERSONAL)
    state = models.CharField(
        _("state"), max_length=10, choices=TransferState, default=TransferState.OPEN
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled"), null=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True, db_comment=PERSONAL)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                name="applications_transfer_one_open",
                condition=Q(state=TransferState.OPEN),
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="applications_transfer_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.OPEN, settled_at__isnull=True)
                | (~Q(state=TransferState.OPEN) & Q(settled_at__isnull=False)),
                name="applications_transfer_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} · {self.source.code} → {self.target.code}"


@tracked()
class CoApplicant(models.Model):
    """Somebody invited to follow and complete a file. Written by `services.co_applicants`."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="co_applicants", verbose_name=_("application")
    )
    email = models.EmailField(_("e-mail"), db_comment=PERSONAL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
        db_comment=PERSONAL,
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(pgettext_lazy("date", "invited"))
    accepted_at = models.DateTimeField(pgettext_lazy("date", "accepted"), null=True)
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = CoApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-applicant")
        verbose_name_plural = _("co-applicants")
        ordering = ["application", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"],
                name="applications_coapplicant_once",
                condition=Q(removed_at__isnull=True) & ~Q(email=""),
            ),
            models.CheckConstraint(
                # Anonymised, nobody is named any more.
                condition=Q(accepted_at__isnull=True) | Q(user__isnull=False) | Q(email=""),
                name="applications_coapplicant_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.email}"
