"""What a room was like as its keys went out or came back, and the list that is gone through."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import PERSONAL
from core.history import tracked
from core.languages import Language
from core.stored_files import private_name
from leases.choices import Condition, HandoverWay, MeterKind, ReportState
from leases.models.leases import Lease
from leases.querysets import (
    ChecklistLineQuerySet,
    HandoverItemQuerySet,
    HandoverKeyQuerySet,
    HandoverPhotoQuerySet,
    HandoverReportQuerySet,
    MeterReadingQuerySet,
)
from sites.choices import SpaceKind
from sites.models import Site, Space


@tracked()
class ChecklistLine(models.Model):
    """Something to look at in every space of a kind (point de contrôle), at a site or elsewhere.

    A site's own lines come before the network's (no site), those before the product's own
    (`leases.checklist`). A report copies them: changed, they change no report.
    """

    site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Empty: every site that has no list of its own."),
    )
    space_kind = models.CharField(
        _("kind of space"),
        max_length=16,
        choices=SpaceKind,
        blank=True,
        help_text=_("Empty: spaces of every kind."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    element_fr = models.CharField(_("element, in French"), max_length=120)
    element_ar = models.CharField(_("element, in Arabic"), max_length=120)
    element_en = models.CharField(_("element, in English"), max_length=120)
    retired = models.BooleanField(_("retired"), default=False)

    objects = ChecklistLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the handover checklist")
        verbose_name_plural = _("lines of the handover checklist")
        ordering = ["site", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(element_fr="") & ~Q(element_ar="") & ~Q(element_en=""),
                name="leases_checklistline_in_every_language",
            ),
        ]

    def __str__(self) -> str:
        return self.element_fr


@tracked()
class HandoverReport(models.Model):
    """A report of a handover (état des lieux), of the keys out or of the keys back.

    Filled piece by piece, then closed; closed or dropped, it is frozen with all that is in it
    (triggers). The last closed one of its way counts: a mistake is put right by another report.
    `leases.services.handover_reports` is the door.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="handover_reports", verbose_name=_("lease")
    )
    way = models.CharField(_("entry or exit"), max_length=3, choices=HandoverWay)
    # What an exit is compared with; empty: nothing was written when the keys went out.
    compared_with = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("compared with")
    )
    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=2, choices=Language)
    state = models.CharField(
        _("state"), max_length=8, choices=ReportState, default=ReportState.DRAFT
    )
    # Names and capacities, one a line.
    present_for_lessor = models.TextField(
        _("present for the lessor"), max_length=500, blank=True, db_comment=PERSONAL
    )
    present_for_tenant = models.TextField(
        _("present for the tenant"), max_length=500, blank=True, db_comment=PERSONAL
    )
    remark = models.TextField(_("remark"), max_length=2000, blank=True)
    begun_at = models.DateTimeField(_("begun"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    # Who closed or dropped it; before, who began it.
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("why it was dropped"), max_length=300, blank=True)

    objects = HandoverReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover report")
        verbose_name_plural = _("handover reports")
        ordering = ["lease", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "way"],
                condition=Q(state=ReportState.DRAFT),
                name="leases_handoverreport_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT, closed_at__isnull=True, reason="")
                | Q(state=ReportState.CLOSED, closed_at__isnull=False, reason="")
                | (Q(state=ReportState.DROPPED, closed_at__isnull=True) & ~Q(reason="")),
                name="leases_handoverreport_state",
            ),
            models.CheckConstraint(
                condition=Q(way__in=HandoverWay.values), name="leases_handoverreport_way"
            ),
            models.CheckConstraint(
                condition=Q(way=HandoverWay.OUT) | Q(compared_with__isnull=True),
                name="leases_handoverreport_entry_is_compared_with_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lease} · {self.get_way_display()} · {self.day.isoformat()}"


@tracked()
class HandoverItem(models.Model):
    """One thing that is looked at in a room, and how it is."""

    report = models.ForeignKey(
        HandoverReport, models.PROTECT, related_name="items", verbose_name=_("handover report")
    )
    # Empty: of no space, as the common parts, or all of a domiciled company.
    space = models.ForeignKey(
        Space, models.PROTECT, null=True, related_name="+", verbose_name=_("space")
    )
    # Of a space with several: « kitchen », « balcony ».
    room = models.CharField(_("room"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    # In the report's language, as the checklist had it then.
    element = models.CharField(_("element"), max_length=120)
    # Empty: nobody has looked yet.
    condition = models.CharField(_("condition"), max_length=10, choices=Condition, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    # The same thing when the keys went out.
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("at the entry")
    )

    objects = HandoverItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a handover report")
        verbose_name_plural = _("items of handover reports")
        ordering = ["report", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(element=""), name="leases_handoveritem_element"),
            models.CheckConstraint(
                condition=Q(condition="") | Q(condition__in=Condition.values),
                name="leases_handoveritem_condition",
            ),
        ]

    def __str__(self) -> str:
        return self.element

    @property
    def placed(self) -> str:
        """« A1 kitchen, floor »: other rooms have one too."""
        space = self.space.code if self.space is not None else ""
        place = " ".join(filter(None, (space, self.room)))
        return f"{place}, {self.element}" if place else self.element


@tracked()
class HandoverPhoto(models.Model):
    """What a thing looked like: a JPEG of our own making, without what a camera writes into one.

    `sha256`, `size`, `width` and `height` are those of `file`; `small` is for lists and paper.
    """

    item = models.ForeignKey(
        HandoverItem, models.PROTECT, related_name="photos", verbose_name=_("element")
    )
    file = models.FileField(_("file"), upload_to=private_name, max_length=100)
    small = models.FileField(_("small picture"), upload_to=private_name, max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("size, bytes"))
    width = models.PositiveSmallIntegerField(_("width, pixels"))
    height = models.PositiveSmallIntegerField(_("height, pixels"))
    made_at = models.DateTimeField(_("entered"), auto_now_add=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = HandoverPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a handover report")
        verbose_name_plural = _("photos of handover reports")
        ordering = ["item", "id"]
        constraints = [
            # Sent again after a lost answer, it is the photo that is there.
            models.UniqueConstraint(
                fields=["item", "sha256"], name="leases_handoverphoto_same_bytes_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.pk}"


@tracked()
class HandoverKey(models.Model):
    """Keys of one sort that are handed over or back: of a door, a badge, a remote, a letter box."""

    report = models.ForeignKey(
        HandoverReport, models.PROTECT, related_name="keys", verbose_name=_("handover report")
    )
    what = models.CharField(_("what"), max_length=80)
    identifier = models.CharField(_("number or mark"), max_length=80, blank=True)
    # Empty: not counted yet.
    count = models.PositiveSmallIntegerField(_("count"), null=True)
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("at the entry")
    )

    objects = HandoverKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("keys of a handover report")
        verbose_name_plural = _("keys of handover reports")
        ordering = ["report", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "what", "identifier"], name="leases_handoverkey_once"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="leases_handoverkey_what"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.identifier}".strip()


@tracked()
class MeterReading(models.Model):
    """What a meter said (relevé de compteur), in its own unit."""

    report = models.ForeignKey(
        HandoverReport, models.PROTECT, related_name="meters", verbose_name=_("handover report")
    )
    kind = models.CharField(_("meter of"), max_length=12, choices=MeterKind)
    number = models.CharField(_("number of the meter"), max_length=60)
    # Empty: not read yet.
    reading = models.DecimalField(
        pgettext_lazy("meter", "reading"), max_digits=14, decimal_places=3, null=True
    )
    # Another one hangs there since the entry: what was consumed is in neither reading.
    replaced = models.BooleanField(_("meter replaced"), default=False)
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("at the entry")
    )

    objects = MeterReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meter reading")
        verbose_name_plural = _("meter readings")
        ordering = ["report", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind", "number"], name="leases_meterreading_once"
            ),
            models.CheckConstraint(condition=Q(reading__gte=0), name="leases_meterreading_reading"),
            models.CheckConstraint(condition=~Q(number=""), name="leases_meterreading_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
