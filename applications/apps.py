from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        from applications import receivers  # noqa: F401  connects the signals
        from applications.services.announcing import EVENTS
        from sites.services.webhooks import declare_events

        declare_events(EVENTS)
