"""The OpenAPI document is kept: no 5xx, no undocumented status, and a generated client works."""

import importlib
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from accounts.models import User
from accounts.rights import PARTNER
from applications.labels import Channel
from applications.models import Application
from applications.services.documents import add_document
from applications.services.drafting import start_draft
from applications.services.submission import submit_draft
from core.limits import Limit
from core.periods import first_of_month, today
from core.uploads import accepted_media_types
from sites.models import Site
from sites.scopes import remember_roles
from tests.factories import bills, calls, clients, money, scene, tenancies, uploads

pytestmark = pytest.mark.django_db(transaction=True)

FULL = os.environ.get("TORTURE") == "full"
EXAMPLES = "300" if FULL else "8"
# The acts on a file are one view with many bodies: a sample stands for them.
LEFT_OUT = "" if FULL else r"/\{reference\}/(?!decide|offer|submit|request-info)[a-z-]+/$"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server writes head and body of an answer apart: unless told to send both at once,
    it waits for the client's delayed acknowledgement in between, 40 ms for each request."""
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)


@pytest.fixture(autouse=True)
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits would answer for the views; they have tests of their own."""
    monkeypatch.setattr(
        Limit,
        "THROTTLE_RATES",
        {"client": None, "public": None, "apply": None, "apply_email": None},
    )


@pytest.fixture
def director() -> User:
    """Of a network with something in every list."""
    site = scene.site("CAS")
    scene.offer(scene.application(site), scene.office(site))
    return scene.staff(Role.DIRECTOR)


@pytest.fixture
def token(director: User) -> str:
    return clients.token_of(director, read_only=False)


@pytest.fixture
def real_rows(director: User, tmp_path: Path) -> Path:
    """Made-up keys lead to a 404 and no further: here requests get those of real rows."""
    where = Site.objects.get()
    version = calls.draft(where)
    calls.wanted(version, "plan")
    draft = start_draft(
        site=where,
        call_version=calls.in_use(version),
        email="porteur@example.org",
        language="fr",
        typed=scene.typed(),
        channel=Channel.API,
        acting_user=director,
    )
    lease = scene.hosted(where)
    amendment = tenancies.amendment(lease)
    bills.billing(where, starts_on=first_of_month(today()))
    run = bills.computed(where, today())
    invoice = money.sale(where, lease.company, "100")
    payment = money.paid(where, lease.company, "40")
    file = Application.objects.filter(state="offered").get()
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        f"""
[parameters]
"path.reference" = "{file.reference}"
"path.number" = "{lease.number}"
"path.code" = "CAS"
"path.key" = "plan"

[[operations]]
include-path-regex = "invoices/.number."
parameters = {{ "path.number" = "{invoice.number}" }}

[[operations]]
include-path-regex = "payments/.number."
parameters = {{ "path.number" = "{payment.number}" }}

[[operations]]
include-path-regex = "accounts/.id."
parameters = {{ "path.id" = "{lease.company_id}" }}

[[operations]]
include-path-regex = "runs/.id."
parameters = {{ "path.id" = "{run.pk}" }}

[[operations]]
include-path-regex = "amendments/.id."
parameters = {{ "path.id" = "{amendment.pk}" }}

[[operations]]
include-path-regex = "spaces/.id."
parameters = {{ "path.id" = "{lease.lettings.get().space_id}" }}

[[operations]]
include-path-regex = "applications/.reference./(documents|submit|$)"
parameters = {{ "path.reference" = "{draft.reference}" }}
""",
        encoding="utf-8",
    )
    return config


@pytest.mark.torture
def test_every_operation_keeps_its_promise_on_real_rows(
    live_server: LiveServer, token: str, real_rows: Path
) -> None:
    """A few requests to each: the long search is the next test's."""
    config = ("--config-file", str(real_rows))
    _no_broken_promise(live_server, token, "fuzzing", "4", config=config)


@pytest.mark.torture
def test_schemathesis_finds_no_broken_promise(
    live_server: LiveServer, token: str, real_rows: Path
) -> None:
    phases = "examples,coverage,fuzzing,stateful"
    _no_broken_promise(live_server, token, phases, EXAMPLES, left_out=LEFT_OUT)
    if FULL:
        config = ("--config-file", str(real_rows))
        _no_broken_promise(live_server, token, phases, EXAMPLES, config=config)


@pytest.mark.torture
def test_what_a_partner_reaches_keeps_its_promise(
    live_server: LiveServer, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    where = scene.site("CAS")
    version = calls.draft(where)
    calls.wanted(version, "plan", required=False)
    version = calls.in_use(version)
    token = clients.partner_token("portail@incubateur.example")
    partner = User.objects.get()
    remember_roles(partner, [(PARTNER, None)])
    draft, sent = (
        start_draft(
            site=where,
            call_version=version,
            email="porteur@example.org",
            language="fr",
            typed=scene.typed(),
            channel=Channel.API,
            acting_user=partner,
        )
        for _number in range(2)
    )
    submit_draft(
        application=sent, answers=scene.answers(), given={}, language="fr", acting_user=partner
    )
    content = uploads.pdf()
    document = add_document(
        application=sent, key="", file=BytesIO(content), name="plan.pdf", size=len(content),
        acting_user=partner,
    )  # fmt: skip
    sent.refresh_from_db()
    scene.asked(sent, ["team"])
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        f"""
[parameters]
"path.reference" = "{sent.reference}"
"path.key" = "plan"
"path.id" = {document.pk}

[[operations]]
include-path-regex = "partner/applications/.reference./(documents/.key|submit)"
parameters = {{ "path.reference" = "{draft.reference}" }}
""",
        encoding="utf-8",
    )
    config_of = ("--config-file", str(config))
    _no_broken_promise(live_server, token, "fuzzing", "6", config=config_of, only="/partner/")


def _no_broken_promise(
    live_server: LiveServer,
    token: str,
    phases: str,
    examples: str,
    *,
    config: Sequence[str] = (),
    left_out: str = "",
    only: str = "",
) -> None:
    """Every check that makes sense, over every operation, by a client that may write.

    Not `positive_data_acceptance`: which days make a period, or which sites exist, is more than a
    schema can say. Not `ignored_auth`: it would call for a token on the public operations too.
    """
    checks = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
              "response_schema_conformance", "response_headers_conformance",
              "unsupported_method")  # fmt: skip
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *config,
            *("run", f"{live_server.url}/api/v1/openapi.json", "--continue-on-failure"),
            *("--checks", ",".join(checks), "--header", f"Authorization: Token {token}"),
            *("--phases", phases, "--max-examples", examples),
            # Of three words in an address the generator throws away more than it keeps: its luck,
            # which is no promise of ours. What it found elsewhere stays there.
            *("--suppress-health-check", "filter_too_much", "--generation-database", "none"),
            *(("--exclude-path-regex", left_out) if left_out else ()),
            *(("--include-path-regex", only) if only else ()),
            # One thread: two that parse at one time trip over CPython's count of recursions.
            *("--seed", "1", "--no-color", "--workers", "1"),
        ],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/tmp",
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"(\d+) generated, \1 passed", done.stdout), done.stdout
    assert re.search(r"Selected: (\d+)/\d+\n\s+Tested: \1\n", done.stdout), done.stdout


@pytest.fixture
def generated(live_server: LiveServer, tmp_path: Path) -> Iterator[Any]:
    """A client made from the document alone, in a package of its own."""
    document = tmp_path / "openapi.json"
    with urllib.request.urlopen(f"{live_server.url}/api/v1/openapi.json") as answer:
        document.write_bytes(answer.read())
    config = tmp_path / "config.json"
    settings = {
        "package_name_override": "hubs_client",
        "post_hooks": [],
        # The generator knows bytes under this name alone.
        "content_type_overrides": dict.fromkeys(
            [*accepted_media_types(), "application/xml", "text/xml", "text/csv"],
            "application/octet-stream",
        ),
    }
    config.write_text(json.dumps(settings), encoding="utf-8")
    subprocess.run(
        [
            str(Path(sys.executable).with_name("openapi-python-client")),
            *("generate", "--path", str(document), "--config", str(config), "--meta", "none"),
            *("--output-path", str(tmp_path / "hubs_client"), "--fail-on-warning"),
        ],
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    sys.path.insert(0, str(tmp_path))
    yield importlib.import_module("hubs_client")
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("hubs_client")]:
        del sys.modules[name]


@pytest.mark.torture
def test_a_generated_client_makes_real_calls(
    live_server: LiveServer, token: str, generated: Any
) -> None:
    with generated.AuthenticatedClient(
        base_url=live_server.url, token=token, prefix="Token", raise_on_unexpected_status=True
    ) as client:
        spaces = importlib.import_module("hubs_client.api.spaces.spaces_list").sync(client=client)
        figure = importlib.import_module(
            "hubs_client.api.indicators.indicators_figure_retrieve"
        ).sync("hosted", client=client)
        free = importlib.import_module("hubs_client.api.public.public_spaces_retrieve").sync(
            client=client
        )
    assert [space.site for space in spaces.results] == ["CAS"]
    assert (figure.name, figure.value, figure.site) == ("hosted", "0", None)
    assert free.results == []
