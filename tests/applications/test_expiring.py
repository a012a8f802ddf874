"""What runs out by itself, minute after minute."""

import pytest

from applications import tasks
from applications.services import drafting, expiry


def test_a_job_that_fails_holds_up_none_of_those_after_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def fails() -> None:
        raise RuntimeError("no offer can be read")

    monkeypatch.setattr(expiry, "expire_offers", fails)
    monkeypatch.setattr(drafting, "warn_and_expire", lambda: ran.append("drafts"))
    monkeypatch.setattr(tasks, "delete_expired_holds", lambda: ran.append("holds"))
    with pytest.raises(ExceptionGroup) as told:
        tasks.expire()
    assert [str(error) for error in told.value.exceptions] == ["no offer can be read"]
    assert ran == ["drafts", "holds"]
