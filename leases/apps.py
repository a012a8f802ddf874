from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeasesConfig(AppConfig):
    name = "leases"
    verbose_name = _("Leases")

    def ready(self) -> None:
        from leases import receivers  # noqa: F401  connects the signals
