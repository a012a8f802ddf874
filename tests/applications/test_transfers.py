"""A file goes to another site: both agree, both see it meanwhile, then the new one alone."""

import threading
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from applications.errors import NotTransferable, ReasonNeeded, TransferClosed
from applications.models import Application, Declaration, Transfer
from applications.services import screening, transfers
from core.errors import DomainError, NotAllowed
from core.models import Message
from sites.models import Site
from tests.applications.moving import Officers, asked, seen_by
from tests.concurrency.crowd import at_once
from tests.factories import doors, scene
from tests.factories.file_pages import address, opened_by, shown

pytestmark = pytest.mark.django_db


def test_both_see_it_under_way_then_the_new_site_alone(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = officers
    file = scene.application(sites[0])
    reference, mails = file.reference, list(Message.objects.values_list("pk", "site_code"))
    assert seen_by(here, there) == [(True, True), (False, False)]
    transfer = asked(file, sites[1], here)
    assert asked(file, sites[1], here) == transfer
    assert seen_by(here, there) == [(True, True), (True, False)]
    # The sending site goes on with its work.
    screening.start_screening(application=file, acting_user=here)
    with pytest.raises(NotAllowed):
        screening.send_to_review(application=file, acting_user=there)
    transfers.agree_transfer(transfer=transfer, acting_user=there)
    again = transfers.agree_transfer(transfer=transfer, acting_user=there)
    assert (again.state, again.asked_by, again.settled_by) == ("done", here, there)
    assert seen_by(here, there) == [(False, False), (True, True)]
    file.refresh_from_db()
    assert (file.reference, file.site, file.also_site) == (reference, sites[1], None)
    screening.send_to_review(application=file, acting_user=there)
    # One letter tells the applicant; what was written before stays where it was.
    assert list(Message.objects.filter(pk__in=dict(mails)).values_list("pk", "site_code")) == mails
    letter = Message.objects.exclude(pk__in=dict(mails)).get()
    assert (letter.to, letter.site_code, letter.matter) == (
        file.contact_email,
        "TNG",
        f"application:{file.pk}:transfer",
    )


def test_refused_or_cancelled_the_file_stays(sites: tuple[Site, Site], officers: Officers) -> None:
    here, there = officers
    file = scene.application(sites[0])
    with pytest.raises(ReasonNeeded):
        transfers.refuse_transfer(transfer=asked(file, sites[1]), answer=" ", acting_user=there)
    refused = transfers.refuse_transfer(
        transfer=Transfer.objects.get(), answer="Complet.", acting_user=there
    )
    assert (refused.state, refused.answer) == ("refused", "Complet.")
    with pytest.raises(TransferClosed):
        transfers.agree_transfer(transfer=refused, acting_user=there)
    cancelled = transfers.cancel_transfer(transfer=asked(file, sites[1]), acting_user=here)
    assert cancelled.state == "cancelled"
    assert seen_by(here, there) == [(True, True), (False, False)]
    file.refresh_from_db()
    assert (file.site, file.also_site) == (sites[0], None)
    assert not Message.objects.filter(matter__endswith=":transfer").exists()


def test_each_side_speaks_for_itself_alone(sites: tuple[Site, Site], officers: Officers) -> None:
    here, there = officers
    file = scene.application(sites[0])
    for user in (there, scene.staff(Role.AUDITOR), file.applicant):
        with pytest.raises(NotAllowed):
            asked(file, sites[1], user)
    transfer = asked(file, sites[1], here)
    conflicted = scene.staff(Role.DIRECTOR)
    Declaration.objects.create(
        application=file, user=conflicted, conflicted=True, declared_at=timezone.now()
    )
    for user, act, given in (
        (here, transfers.agree_transfer, {}),
        (here, transfers.refuse_transfer, {"answer": "Non."}),
        (there, transfers.cancel_transfer, {}),
        (conflicted, transfers.agree_transfer, {}),
        (conflicted, transfers.cancel_transfer, {}),
    ):
        with pytest.raises(NotAllowed):
            act(transfer=transfer, acting_user=user, **given)
    # A network officer speaks for both sites.
    director = scene.staff(Role.DIRECTOR)
    assert transfers.agree_transfer(transfer=transfer, acting_user=director).state == "done"


def test_what_is_held_or_ended_goes_nowhere(sites: tuple[Site, Site]) -> None:
    here, there = sites
    offered = scene.application(here)
    transfer = asked(offered, there)
    scene.offer(offered, scene.office(here))
    ended = scene.application(here)
    calls_off = asked(ended, there)
    screening.mark_spam(application=ended, acting_user=None)
    for called_off, file in ((transfer, offered), (calls_off, ended)):
        called_off.refresh_from_db()
        file.refresh_from_db()
        assert (called_off.state, file.also_site) == ("cancelled", None)
        with pytest.raises(NotTransferable):
            asked(file, there)
    with pytest.raises(NotTransferable):
        asked(scene.application(here), here)
    underway = scene.application(here)
    asked(underway, there)
    with pytest.raises(NotTransferable):
        asked(underway, scene.site("AGA"))


@pytest.mark.django_db(transaction=True)
def test_agreed_and_cancelled_at_once_one_wins(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = officers
    for _round in range(4):
        file = scene.application(sites[0])
        transfer = asked(file, sites[1])

        def settle(number: int, transfer: Transfer = transfer) -> str:
            act: Any = (transfers.agree_transfer, transfers.cancel_transfer)[number % 2]
            try:
                act(transfer=transfer, acting_user=(there, here)[number % 2])
            except DomainError as refusal:
                return refusal.code
            return "settled"

        outcomes = at_once(2, settle)
        transfer.refresh_from_db()
        file.refresh_from_db()
        assert sorted(outcomes) == ["settled", "transfer_closed"]
        moved = transfer.state == "done"
        assert (file.site, file.also_site) == (sites[1] if moved else sites[0], None)
        letters = Message.objects.filter(matter=f"application:{file.pk}:transfer")
        assert letters.count() == int(moved)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_would_win(
    sites: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading the row without locking it lets both sides think that they settled it."""
    file = scene.application(sites[0])
    transfer = asked(file, sites[1])
    both_have_looked = threading.Barrier(2, timeout=60)
    monkeypatch.setattr(transfers, "locked", lambda row: Application.objects.get(pk=row.pk))
    monkeypatch.setattr(transfers, "_check_open", lambda _transfer: both_have_looked.wait())
    acts: list[Any] = [transfers.agree_transfer, transfers.cancel_transfer]
    ended = at_once(2, lambda nr: str(acts[nr](transfer=transfer, acting_user=None).state))
    assert ended == ["done", "cancelled"]


def test_a_transfer_is_asked_and_answered_on_the_pages(
    sites: tuple[Site, Site], officers: Officers
) -> None:
    here, there = sites
    file = scene.application(here)
    client, receiver = opened_by(officers[0]), doors.signed_in(officers[1])
    wish = {"target": str(there.pk), "reason": "Un bureau y est libre."}
    assert client.post(address(file, "transfer/"), wish).status_code == 302
    transfer = file.transfers.get()
    page = shown(receiver, file)
    assert 'class="file-next" href="#transfer"' in page
    assert address(file, "start-screening/") not in page
    answer = f"/staff/applications/transfer/{transfer.pk}/answer/"
    choices = [
        [key for key, _label in one.get(answer).context["form"].fields["verdict"].choices]
        for one in (receiver, client)
    ]
    assert choices == [["agree", "refuse"], ["cancel"]]
    assert receiver.post(answer, {"verdict": "cancel"}).status_code == 200
    assert receiver.post(answer, {"verdict": "refuse", "answer": ""}).status_code == 200
    assert receiver.post(answer, {"verdict": "agree"}).headers["Location"] == address(file)
    assert client.get(address(file)).status_code == 302
    assert address(file, "start-screening/") in shown(receiver, file)
