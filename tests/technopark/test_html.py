"""The W3C's checker finds no error in the public pages, in any language."""

import json
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from django.utils.text import slugify

from technopark.embedded.paths import ROOT
from tests.factories import doors
from tests.factories.public import VISITORS, public

pytestmark = [pytest.mark.django_db, pytest.mark.torture]
CHECKER = ROOT / "tests/node_modules/vnu-jar/build/dist/vnu.jar"


def complaints(folder: Path) -> list[str]:
    """What the checker says about the folder's files."""
    done = subprocess.run(
        [
            *("java", "-jar", str(CHECKER)),
            *("--format", "json", "--stdout", "--exit-zero-always", str(folder)),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        f"{Path(item['url']).name}:{item.get('lastLine')} {item['type']}: {item['message']}"
        for item in json.loads(done.stdout)["messages"]
    ]


def test_the_checker_finds_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!DOCTYPE html><html lang="en"><title>T</title><p id="a"><i id="a">A</i></p></html>',
        encoding="utf-8",
    )
    assert [line for line in complaints(tmp_path) if "Duplicate ID" in line] != []


def test_public_pages_have_no_html_error(tmp_path: Path) -> None:
    made = public()
    visitor = Client()
    applicant = doors.signed_in(made.applicant, second_factor=False)
    for language in ("fr", "ar", "en"):
        for client, paths in ((visitor, VISITORS), (applicant, made.own)):
            for path in paths:
                join = "&" if "?" in path else "?"
                answer = client.get(f"{path}{join}lang={language}", follow=True)
                assert f'<html lang="{language}"' in answer.content.decode(), path
                name = f"{language}-{slugify(path.replace('/', '-')) or 'home'}.html"
                (tmp_path / name).write_bytes(answer.content)
        refused = visitor.post(f"/apply/?lang={language}", {"site": "CAS"})
        assert refused.status_code == 422
        (tmp_path / f"{language}-refused.html").write_bytes(refused.content)
    assert len(list(tmp_path.iterdir())) == 3 * (len(VISITORS) + len(made.own) + 1)
    assert complaints(tmp_path) == []
