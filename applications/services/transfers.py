"""A file goes to another site: the site that has it asks, the one that would take it agrees.

Until it is settled both sites see the file (`Application.also_site`) and only the first acts on
it; afterwards it is the new site's alone, under the same reference and with all of its history.

Both *sites* agree, by an officer of each; they need not be two people. A network officer speaks
for both sites, as where one person runs two small ones: unlike an end, which wants four eyes, a
transfer takes nothing from the applicant and another transfer undoes it. Asking and agreeing stay
two acts, each recorded.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rights import Action
from applications import letters
from applications.errors import NotTransferable, ReasonNeeded, TransferClosed
from applications.labels import TaskList, TransferState
from applications.models import Application, OfferState, Transfer
from applications.services.access import require_on_file
from applications.services.agendas import leave_agendas
from applications.services.checklists import copy_checklist
from applications.services.clock import change_site
from applications.services.correspondence import send
from applications.services.moving import settle
from applications.services.steps import locked
from applications.services.waiting import change_list
from applications.workflow import TRANSFERABLE, State
from core.history import recorded
from sites.models import Site
from tenants.services import note_presence


def ask_transfer(
    *, application: Application, target: Site, reason: str, acting_user: User | None
) -> Transfer:
    """Ask another site to take the file. Asked twice for the same site, it is one transfer.

    Raises ReasonNeeded, NotTransferable, NotAllowed.
    """
    if not reason.strip():
        raise ReasonNeeded
    with recorded(acting_user, reason=reason):
        file = locked(application)
        require_on_file(acting_user, Action.SCREEN, file)
        if (known := file.transfers.open().first()) is not None:
            if known.target_id == target.pk:
                return known
            raise NotTransferable(
                reason=_("A transfer to %(site)s is under way.") % {"site": known.target.name}
            )
        _check(file, target)
        transfer = Transfer(
            application=file,
            source=file.site,
            target=target,
            reason=reason.strip(),
            asked_by=acting_user,
            asked_at=timezone.now(),
        )
        transfer.clean_fields(exclude=["asked_by", "settled_by", "settled_at"])
        transfer.save()
        file.also_site = target
        file.save(update_fields=["also_site"])
    return transfer


def agree_transfer(*, transfer: Transfer, acting_user: User | None) -> Transfer:
    """The receiving site takes the file over, with its tasks, reviews and decisions. One that is
    on the waiting list comes last on the new site's; what the old site's committee has not settled
    leaves its agenda.

    Agreed twice, the second changes nothing. Raises TransferClosed, NotTransferable, NotAllowed.
    """
    with recorded(acting_user):
        file, current = _locked(transfer)
        require_on_file(acting_user, Action.SCREEN, file, site_id=current.target_id)
        if current.state == TransferState.DONE:
            return current
        _check_open(current)
        _check(file, current.target)
        settle(current, TransferState.DONE, answer="", acting_user=acting_user)
        file.site, file.also_site = current.target, None
        change_site(file, current.source_id)
        file.save(update_fields=["site", "also_site", "due_at", "time_left"])
        leave_agendas(file)
        if file.company is not None:
            note_presence(company=file.company, site=file.site, acting_user=acting_user)
        if file.state == State.SCREENING:
            copy_checklist(file, TaskList.SCREENING, assignee=acting_user, acting_user=acting_user)
        if file.state == State.WAITLISTED:
            change_list(
                application=file,
                source_id=current.source_id,
                reason=current.reason,
                acting_user=acting_user,
            )
        send(file, letters.transferred(file), "transfer")
    return current


def refuse_transfer(*, transfer: Transfer, answer: str, acting_user: User | None) -> Transfer:
    """The receiving site does not take the file; it says why.

    Refused twice, the first answer stands. Raises ReasonNeeded, TransferClosed, NotAllowed.
    """
    if not answer.strip():
        raise ReasonNeeded(field="answer")
    with recorded(acting_user, reason=answer):
        file, current = _locked(transfer)
        require_on_file(acting_user, Action.SCREEN, file, site_id=current.target_id)
        return _back(file, current, TransferState.REFUSED, answer, acting_user)


def cancel_transfer(*, transfer: Transfer, acting_user: User | None, answer: str = "") -> Transfer:
    """The sending site keeps the file after all.

    Cancelled twice, the second changes nothing. Raises TransferClosed, NotAllowed.
    """
    with recorded(acting_user, reason=answer):
        file, current = _locked(transfer)
        require_on_file(acting_user, Action.SCREEN, file, site_id=current.source_id)
        return _back(file, current, TransferState.CANCELLED, answer, acting_user)


def _locked(transfer: Transfer) -> tuple[Application, Transfer]:
    file = locked(transfer.application)
    return file, Transfer.objects.select_related("source", "target__lessor").get(pk=transfer.pk)


def _back(
    file: Application,
    current: Transfer,
    state: TransferState,
    answer: str,
    acting_user: User | None,
) -> Transfer:
    if current.state != state:
        _check_open(current)
        settle(current, state, answer=answer, acting_user=acting_user)
        file.also_site = None
        file.save(update_fields=["also_site"])
    return current


def _check_open(transfer: Transfer) -> None:
    if transfer.state != TransferState.OPEN:
        raise TransferClosed(state=transfer.get_state_display())


def _check(file: Application, target: Site) -> None:
    if target.pk == file.site_id:
        raise NotTransferable(reason=_("The file is at this site already."))
    if file.state not in TRANSFERABLE:
        raise NotTransferable(
            reason=_("A file that is « %(state)s » stays where it is.")
            % {"state": file.get_state_display()}
        )
    standing = file.offers.filter(state__in=[OfferState.OPEN, OfferState.ACCEPTED])
    if standing.exists():  # belt and braces: those states have no standing offer
        raise NotTransferable(reason=_("A space of this site is held for it."))
