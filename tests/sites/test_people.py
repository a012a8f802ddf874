"""Accounts, second factors and tokens from the shell."""

import io
from pathlib import Path
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from knox.models import AuthToken

from accounts.choices import Role
from accounts.models import User
from core.models import Message
from sites.models import ClientToken
from sites.scopes import roles_of
from sites.services.people import account_of_applicant
from tests.concurrency.crowd import at_once
from tests.factories import scene

pytestmark = pytest.mark.django_db


def _run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def test_the_first_administrator(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("correct horse battery staple\n")
    words = ("create_admin", "--email", "Admin@Example.org", "--password-file", str(secret))
    _run(*words)
    user = User.objects.get(email="admin@example.org")
    assert user.check_password("correct horse battery staple")
    assert set(roles_of(user)) == {(Role.ADMINISTRATOR, None), (Role.DIRECTOR, None)}
    with pytest.raises(CommandError, match=r"admin@example\.org"):
        _run(*words)
    secret.write_text("short")
    with pytest.raises(CommandError):
        _run("create_admin", "--email", "b@example.org", "--password-file", str(secret))
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["correct horse battery staple", "correct horse batery staple"], "passwords differ"),
        ([EOFError()], "nobody was added"),
        (["correct horse battery staple", KeyboardInterrupt()], "nobody was added"),
    ],
)
def test_a_password_is_typed_twice(
    typed: list[str | BaseException], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    with (
        mock.patch("getpass.getpass", side_effect=typed),
        pytest.raises(CommandError, match=said),
    ):
        _run("create_admin", "--email", "a@example.org")
    assert User.objects.count() == 0


def test_a_lost_telephone() -> None:
    user = scene.staff(Role.DIRECTOR)
    TOTP.activate(user, generate_totp_secret())
    said = f"Second factors removed: 1. {user.email} is told."
    assert _run("reset_second_factor", user.email) == said
    assert Authenticator.objects.count() == 0
    assert Message.objects.get().to == user.email
    event = User.pgh_event_model.objects.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.second_factor_reset_at is not None
    assert event.pgh_context == {"user": None, "reason": "asked for on the command line"}
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        _run("reset_second_factor", "nobody@example.org")


def test_a_clients_token() -> None:
    site = scene.site("CAS")
    user = scene.staff(Role.DIRECTOR)
    secret = _run("api_token", user.email, "--days", "30", "--site", "CAS", "--name", "BI")
    scope = ClientToken.objects.get()
    assert (scope.name, scope.read_only, list(scope.sites.all())) == ("BI", True, [site])
    token = AuthToken.objects.get()
    assert secret.startswith(token.token_key)
    assert (token.expiry - token.created).days in {29, 30}
    for days in ("0", "3651", "99999999999999"):
        with pytest.raises(CommandError, match="from 1 to 3650"):
            _run("api_token", user.email, "--days", days)
    with pytest.raises(CommandError, match="XXX"):
        _run("api_token", user.email, "--site", "XXX")


def test_a_partners_token_makes_its_account_and_is_no_colleagues() -> None:
    told = ("--partner", "--read-write", "--name", "Incubateur")
    for _time in range(2):
        _run("api_token", "Portail@Incubateur.example", *told)
    account = User.objects.get()
    assert (account.email, account.name, account.is_staff) == (
        "portail@incubateur.example", "Incubateur", False,
    )  # fmt: skip
    assert (
        list(ClientToken.objects.values_list("kind", "read_only", "token__user"))
        == [("partner", False, account.pk)] * 2
    )
    with pytest.raises(CommandError, match="member of staff"):
        _run("api_token", scene.staff(Role.DIRECTOR).email, *told)
    with pytest.raises(CommandError, match="nobody@example"):
        _run("api_token", "nobody@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientToken.objects.update(kind="anything")


def test_a_test_letter() -> None:
    assert _run("send_test_mail", "a@example.org").startswith("Sent to a@example.org")
    with pytest.raises(CommandError, match="nobody is no e-mail address"):
        _run("send_test_mail", "nobody")
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_address_in_several_windows_at_once_is_one_account() -> None:
    def begin(_number: int) -> int:
        return account_of_applicant(email="new@example.org", name="", language="fr").pk

    assert set(at_once(6, begin)) == set(User.objects.values_list("pk", flat=True))
    assert EmailAddress.objects.get().email == "new@example.org"
