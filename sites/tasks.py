"""Jobs of sites: webhooks, and what is kept for a while only."""

from celery import shared_task

from sites.services import idempotency, webhooks


@shared_task(name=webhooks.DELIVER_TASK)
def deliver_webhooks() -> None:
    webhooks.deliver_due()


@shared_task(name="sites.forget")
def forget() -> None:
    idempotency.forget_old()
    webhooks.forget_old()
