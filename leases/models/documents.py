"""What is written about a lease: the clauses, the documents as issued, their signed copies."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import PERSONAL
from core.history import tracked
from core.languages import Language
from core.placeholders import unknown
from core.stored_files import private_name
from leases.choices import DocumentKind
from leases.errors import BadClauses
from leases.models.amendments import Amendment, Notice
from leases.models.handovers import HandoverReport
from leases.models.leases import Lease, LeaseVersion
from leases.models.settlements import DepositSettlement
from leases.placeholders import known
from leases.querysets import ClauseTemplateQuerySet, LeaseDocumentQuerySet, SignedCopyQuerySet
from sites.models import Site


def _about(kind: DocumentKind, *named: str) -> Q:
    """Of this kind, with what it is about and nothing else."""
    abouts = ("amendment", "notice", "day", "report")
    return Q(kind=kind, **{f"{name}__isnull": name not in named for name in abouts})


@tracked()
class ClauseTemplate(models.Model):
    """What a kind of document says in one language, at a site or elsewhere (empty).

    A blank line ends a clause, its first line is its heading; they number themselves. The highest
    version is in use; one that a document was issued from is frozen by a trigger. Where there is
    none, the product's own clauses are used. `leases.services.clauses` is the door.
    """

    kind = models.CharField(_("document"), max_length=12, choices=DocumentKind)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Empty: every site that has no clauses of its own."),
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    body = models.TextField(_("clauses"), max_length=50_000)

    objects = ClauseTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("clauses of a document")
        verbose_name_plural = _("clauses of documents")
        ordering = ["kind", "language", "site", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "site", "version"],
                name="leases_clausetemplate_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~Q(body=""), name="leases_clausetemplate_body"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_language_display()} · {self.version}"

    def clean(self) -> None:
        """Every word in braces means something in this kind of document."""
        if self.kind in DocumentKind.values and (found := unknown(self.body, known(self.kind))):
            refusal = BadClauses(
                unknown=" ".join(found),
                known=" ".join(f"{{{name}}}" for name in known(self.kind)),
            )
            raise ValidationError({"body": refusal.message})


class LeaseDocument(models.Model):
    """A document as it was issued: private, opened only after the rights check. Insert-only.

    It says the terms of its `version`, in the words of `template` (empty: the product's own). There
    is one of a kind, version and language, of a certificate one a day.
    `leases.services.documents` is the door.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="documents", verbose_name=_("lease")
    )
    version = models.ForeignKey(
        LeaseVersion, models.PROTECT, related_name="documents", verbose_name=_("version")
    )
    kind = models.CharField(_("document"), max_length=12, choices=DocumentKind)
    amendment = models.ForeignKey(
        Amendment,
        models.PROTECT,
        null=True,
        related_name="documents",
        verbose_name=_("amendment"),
    )
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, related_name="documents", verbose_name=_("notice")
    )
    report = models.ForeignKey(
        HandoverReport,
        models.PROTECT,
        null=True,
        related_name="documents",
        verbose_name=_("handover report"),
    )
    settlement = models.ForeignKey(
        DepositSettlement,
        models.PROTECT,
        null=True,
        related_name="documents",
        verbose_name=_("deposit settlement"),
    )
    # Of a certificate (attestation de résidence): the day it speaks of.
    day = models.DateField(_("day"), null=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    template = models.ForeignKey(
        ClauseTemplate,
        models.PROTECT,
        null=True,
        related_name="documents",
        verbose_name=_("clauses"),
    )
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField(_("issued"), auto_now_add=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = LeaseDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a lease")
        verbose_name_plural = _("documents of leases")
        ordering = ["lease", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "language", "notice", "day", "report", "settlement"],
                name="leases_leasedocument_once",
                nulls_distinct=False,
            ),
            # The target of the signed copy's composite key.
            models.UniqueConstraint(fields=["id", "lease"], name="leases_leasedocument_of_lease"),
            models.CheckConstraint(
                condition=_about(DocumentKind.CONTRACT)
                | _about(DocumentKind.AMENDMENT, "amendment")
                | _about(DocumentKind.NOTICE, "notice")
                | _about(DocumentKind.CERTIFICATE, "day")
                | _about(DocumentKind.HANDOVER, "report")
                | _about(DocumentKind.SETTLEMENT, "settlement"),
                name="leases_leasedocument_about",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_language_display()}"

    @property
    def name(self) -> str:
        """What it is, with the number of its amendment or which way the keys went."""
        kind = str(self.get_kind_display())
        if self.report is not None:
            return f"{kind} ({self.report.get_way_display()})"
        return f"{kind} {self.amendment.number}" if self.amendment is not None else kind

    @property
    def filename(self) -> str:
        number = f"-{self.amendment.number}" if self.amendment is not None else ""
        day = f"-{self.day.isoformat()}" if self.day is not None else ""
        if self.report is not None:
            day = f"-{self.report.way}-{self.report.day.isoformat()}"
        return f"{self.lease.number}-{self.kind}{number}{day}-{self.language}.pdf"


class SignedCopy(models.Model):
    """What came back signed: the file, when it was signed and by whom. Insert-only.

    Of a document of the lease (a composite key, in the guards); of none, it is the contract of a
    lease that was signed elsewhere. `leases.services.signed_copies` is the door.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="signed_copies", verbose_name=_("lease")
    )
    document = models.ForeignKey(
        LeaseDocument,
        models.PROTECT,
        null=True,
        related_name="signed_copies",
        verbose_name=_("document"),
    )
    name = models.CharField(_("name"), max_length=200, db_comment=PERSONAL)
    media_type = models.CharField(_("kind"), max_length=100)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    signed_on = models.DateField(_("signed on"))
    signers = models.TextField(_("signers"), max_length=500, db_comment=PERSONAL)
    made_at = models.DateTimeField(_("entered"), auto_now_add=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = SignedCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed copy")
        verbose_name_plural = _("signed copies")
        ordering = ["lease", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "document", "sha256"],
                name="leases_signedcopy_same_bytes_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.name
