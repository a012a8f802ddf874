"""What meters counted between two readings, and the charges that ask for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.fields import RateField
from core.history import tracked
from leases.choices import MeterKind
from leases.models.charges import Charge
from leases.models.leases import Lease
from leases.querysets import ConsumptionQuerySet


@tracked()
class Consumption(models.Model):
    """What a meter of a lease counted up to a day (consommation relevée), once.

    Asked for by a one-off charge of the lease; taken out of the lease by an amendment, it takes
    this along, and the same day may be read anew. `leases.services.consumption` is the door.
    """

    lease = models.ForeignKey(
        Lease, models.PROTECT, related_name="consumptions", verbose_name=_("lease")
    )
    charge = models.OneToOneField(
        Charge, models.CASCADE, related_name="consumption", verbose_name=_("charge")
    )
    kind = models.CharField(_("meter of"), max_length=12, choices=MeterKind)
    meter = models.CharField(_("number of the meter"), max_length=40)
    read_on = models.DateField(_("read on"))
    previous_on = models.DateField(_("read before on"), null=True)
    # Empty: only the quantity is known.
    previous = models.DecimalField(
        _("previous reading"), max_digits=14, decimal_places=3, null=True
    )
    reading = models.DecimalField(
        pgettext_lazy("meter", "reading"), max_digits=14, decimal_places=3, null=True
    )
    # Another meter hangs there since: the readings do not tell what was consumed.
    replaced = models.BooleanField(_("meter replaced"), default=False)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    price = RateField(_("price of one, DH"))
    made_at = models.DateTimeField(_("entered"), auto_now_add=True)
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    objects = ConsumptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("consumption")
        verbose_name_plural = _("consumptions")
        ordering = ["lease", "kind", "meter", "read_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "kind", "meter", "read_on"], name="leases_consumption_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, price__gte=0), name="leases_consumption_quantity"
            ),
            models.CheckConstraint(condition=~Q(meter=""), name="leases_consumption_meter"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.meter} · {self.read_on}"
