"""The words companies are sorted by."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.history import tracked
from tenants.querysets import ClassificationQuerySet


class Classification(models.Model):
    """A word companies are sorted by, in three languages."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=120)
    name_ar = models.CharField(_("name in Arabic"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_fr)


@tracked()
class Sector(Classification):
    class Meta(Classification.Meta):
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")


@tracked()
class Technology(Classification):
    class Meta(Classification.Meta):
        verbose_name = _("technology")
        verbose_name_plural = _("technologies")
