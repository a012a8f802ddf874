"""The end of a transfer, whoever brings it about."""

from django.utils import timezone

from accounts.models import User
from applications.labels import TransferState
from applications.models import Application, Transfer


def settle(
    transfer: Transfer, state: TransferState, *, answer: str, acting_user: User | None
) -> None:
    """Close an open transfer of a *locked* file; from now on one site alone sees the file."""
    transfer.state = state
    transfer.answer = answer.strip()
    transfer.settled_by = acting_user
    transfer.settled_at = timezone.now()
    transfer.save(update_fields=["state", "answer", "settled_by", "settled_at"])


def call_off(application: Application, *, answer: str, acting_user: User | None) -> None:
    """The file has ended, or a space is offered where it is: it goes nowhere."""
    if application.also_site_id is None:
        return
    application.also_site = None
    application.save(update_fields=["also_site"])
    settle(
        application.transfers.open().get(),
        TransferState.CANCELLED,
        answer=answer,
        acting_user=acting_user,
    )
