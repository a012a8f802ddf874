"""People who sign in: staff with a password and a second factor, applicants by e-mail code."""

from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import PERSONAL
from core.history import tracked
from core.languages import Language


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; without a password they sign in by e-mail code only."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person, named by their e-mail address.

    What a member of staff may do comes from `sites.Membership` and `accounts.rights`, never from
    Django's own permissions. Accounts are made by `sites.services.people`.
    """

    email = models.EmailField(_("e-mail"), max_length=254, unique=True, db_comment=PERSONAL)
    name = models.CharField(_("name"), max_length=150, blank=True, db_comment=PERSONAL)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language,
        default=Language.FRENCH,
    )
    is_staff = models.BooleanField(
        _("staff"), default=False, help_text=_("May open the staff site, with a second factor.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    second_factor_reset_at = models.DateTimeField(
        _("second factor reset"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            # Sign-in compares lower case: two spellings of one address must not be two people.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_lower"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.email

    # Django's admin and DRF ask these; `sites.backends.RoleBackend` answers from the memberships.
    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_active and any(
            backend.has_perm(self, perm, obj)
            for backend in get_backends()
            if hasattr(backend, "has_perm")
        )

    def has_perms(self, perms: list[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(
            backend.has_module_perms(self, app_label)
            for backend in get_backends()
            if hasattr(backend, "has_module_perms")
        )


@tracked()
class SavedFilter(models.Model):
    """A list as somebody likes to see it: the part of its address after the question mark."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="saved_filters", verbose_name=_("user")
    )
    # Which list: "applications.application", "applications.board".
    page = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["user", "page", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="accounts_savedfilter_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
