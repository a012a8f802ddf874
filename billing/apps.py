from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        from billing import receivers  # noqa: F401  connects the signals
        from billing.services.announcing import EVENTS
        from sites.services.webhooks import declare_events

        declare_events(EVENTS)
