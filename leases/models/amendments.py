"""What changes a signed lease: amendments, and notices of its end."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import tracked
from leases.choices import AmendmentKind, AmendmentState, NoticeBy
from leases.models.leases import Lease, LeaseVersion
from leases.querysets import AmendmentQuerySet, NoticeQuerySet


@tracked()
class Amendment(models.Model):
    """A change of a signed lease (avenant): drafted and looked at, then signed and numbered.

    `before` and `after` are whole terms (`leases.terms`): signing writes `after`, unless the lease
    has moved on from `base` meanwhile. Once signed it is frozen by a trigger.
    `leases.services.amendments` is the door.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="amendments", verbose_name=_("lease")
    )
    # Given at signature: a draft that is dropped leaves no gap.
    number = models.PositiveSmallIntegerField(_("number"), null=True)
    kind = models.CharField(_("about"), max_length=10, choices=AmendmentKind)
    state = models.CharField(
        _("state"), max_length=8, choices=AmendmentState, default=AmendmentState.DRAFT
    )
    effective_on = models.DateField(_("takes effect on"))  # date d'effet
    reason = models.CharField(_("reason"), max_length=300)
    before = models.JSONField(_("terms before"))
    after = models.JSONField(_("terms after"))
    # The version that `before` is.
    base = models.ForeignKey(
        LeaseVersion, models.PROTECT, related_name="+", verbose_name=_("made upon")
    )
    # The version that signing wrote.
    version = models.OneToOneField(
        LeaseVersion,
        models.PROTECT,
        null=True,
        related_name="amendment",
        verbose_name=_("version"),
    )
    signed_on = models.DateField(_("signed on"), null=True)
    created_at = models.DateTimeField(_("drafted"), auto_now_add=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["lease", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "number"], name="leases_amendment_number_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AmendmentState.SIGNED,
                    number__isnull=False,
                    signed_on__isnull=False,
                    version__isnull=False,
                )
                | (
                    ~Q(state=AmendmentState.SIGNED)
                    & Q(number__isnull=True, signed_on__isnull=True, version__isnull=True)
                ),
                name="leases_amendment_signed_has_a_number",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="leases_amendment_reason"),
        ]

    def __str__(self) -> str:
        number = self.number if self.number is not None else "…"
        return f"{self.lease} · {number}"


@tracked()
class Notice(models.Model):
    """That the tenant or the lessor ends the lease (préavis); withdrawn, it counts for nothing.

    It ends nothing by itself: the exit does. `leases.services.notices` is the door.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="notices", verbose_name=_("lease")
    )
    given_by = models.CharField(_("given by"), max_length=8, choices=NoticeBy)
    given_on = models.DateField(_("given on"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    withdrawn_on = models.DateField(pgettext_lazy("date", "withdrawn"), null=True)
    withdrawal_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["lease", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease"],
                condition=Q(withdrawn_on__isnull=True),
                name="leases_notice_one_stands",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("given_on")), name="leases_notice_last_day"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawal_reason=""),
                name="leases_notice_withdrawal_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lease} · {self.last_day.isoformat()}"
