"""Who works where, and what a client's token may reach."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from core.history import tracked, tracked_link
from sites.choices import ClientKind
from sites.models.places import Site
from sites.querysets import ClientTokenQuerySet, MembershipQuerySet


@tracked()
class Membership(models.Model):
    """A role at one site, or in the whole network when `site` is empty."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    site = models.ForeignKey(
        Site,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("site"),
        help_text=_("Empty: the whole network."),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "site"], name="sites_membership_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                # Accounts and the machine room are the network's: no site has its own.
                condition=~Q(role=Role.ADMINISTRATOR) | Q(site__isnull=True),
                name="sites_membership_administrator_is_network",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.site.code if self.site else _('network')}"


@tracked()
class ClientToken(models.Model):
    """What a REST client may reach with its token: at most what its user may, at these sites. A
    partner's reaches, there, what its account has begun, and nothing else.

    Made by `sites.services.people.issue_token`; the secret itself is only ever shown once.
    """

    token = models.OneToOneField(
        "knox.AuthToken", models.CASCADE, related_name="scope", verbose_name=_("token")
    )
    name = models.CharField(_("client"), max_length=100)
    kind = models.CharField(_("kind"), max_length=8, choices=ClientKind, default=ClientKind.PERSON)
    # Said, not read from an empty list: a site that goes must not open all the others.
    every_site = models.BooleanField(_("all sites of the person"), default=False)
    sites = models.ManyToManyField(
        Site, blank=True, verbose_name=_("sites"), help_text=_("Empty: all sites of the user.")
    )
    read_only = models.BooleanField(_("read only"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ClientTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("client token")
        verbose_name_plural = _("client tokens")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ClientKind.values), name="sites_clienttoken_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked_link
class ClientTokenSite(ClientToken.sites.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("site")
