"""What people upload."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.labels import ScanState
from applications.models.files import Application
from applications.querysets import DocumentQuerySet
from core.fields import PERSONAL
from core.history import tracked
from core.stored_files import private_name


@tracked()
class Document(models.Model):
    """A file of an application: private, of a checked kind, opened only after the rights check.

    Written by `services.documents`. Removed, it stays for staff as long as the file does.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="documents", verbose_name=_("application")
    )
    # Of a WantedDocument or a file Question; empty: sent along with the conversation.
    key = models.CharField(_("asked as"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=200, db_comment=PERSONAL)
    media_type = models.CharField(_("kind"), max_length=100)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(_("file"), upload_to=private_name, max_length=100, db_comment=PERSONAL)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        db_comment=PERSONAL,
    )
    scan = models.CharField(_("virus scan"), max_length=12, choices=ScanState)
    scanned_at = models.DateTimeField(_("scanned"), null=True)
    # What the scanner calls the infection.
    signature = models.CharField(_("found"), max_length=200, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["application", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scan=ScanState.INFECTED) | Q(signature=""),
                name="applications_document_signature",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="applications_document_to_scan",
                condition=Q(scan=ScanState.PENDING),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def opens(self) -> bool:
        """Whether anybody may open it; why not, says `permissions.can_open`."""
        return bool(self.file) and self.scan not in {ScanState.PENDING, ScanState.INFECTED}
