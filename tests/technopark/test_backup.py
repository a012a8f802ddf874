"""Backup and restore: the same house again, or one clear line and nothing changed."""

import io
import json
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import technopark
from technopark.backup.archive import DUMP, MARK, MEDIA, BackupError, Manifest, Writer, verify
from technopark.backup.postgres import program
from technopark.embedded.paths import ROOT
from tests.technopark.instance import Instance, empty_folder, instance_in

SPACES: Final = """site,building,floor,code,kind,area_m2,lettable_from
TNG,A,1,B1,office,20,2015-01-01
TNG,A,1,B2,office,30,2015-01-01
"""
LEASES: Final = """number,site,company,space,area_m2,start,end,rate_per_m2,kind
L1,TNG,Atlas Démo,B1,,2024-01-01,,50,startup
L2,TNG,Rif Démo,B2,,2024-01-01,2025-06-30,100,sme
"""


RUN: Final = """
import io, json, sys
from technopark.embedded import use
with use():
    import django
    django.setup()
    from django.core.management import CommandError, call_command
    said = []
    for words in json.loads(sys.argv[1]):
        out = io.StringIO()
        try:
            call_command(*words, stdout=out)
            said.append(out.getvalue().strip())
        except CommandError as error:
            said.append(f"refused: {error}")
    print(json.dumps(said))
"""
INDICATORS: Final = ("indicators", "--on", "2025-01-31", "--json")


def manage(instance: Instance, *commands: tuple[str, ...]) -> list[str]:
    """What each command says, or why it refuses; one process, as starting it costs a second."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(commands)],
        check=False,
        cwd=ROOT,
        env=instance.env,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    said: list[str] = json.loads(ran.stdout)
    return said


def files(instance: Instance) -> dict[str, bytes]:
    root = instance.paths.media
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


@dataclass(frozen=True)
class House:
    """A running house with two leases and two uploaded files, and its backup."""

    instance: Instance
    archive: Path
    figures: str
    files: dict[str, bytes]

    def count(self) -> str:
        return self.instance.psql("technopark_runtime", "SELECT count(*) FROM leases_lease")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with empty_folder() as folder, instance_in(folder) as instance:
        user = instance.user().ready()
        for what, text in (("spaces", SPACES), ("leases", LEASES)):
            (folder / f"{what}.csv").write_text(text, encoding="utf-8")
        (instance.paths.media / "documents").mkdir(parents=True)
        (instance.paths.media / "documents" / "plan.pdf").write_bytes(b"%PDF-1.7 plan")
        (instance.paths.media / "é.txt").write_bytes(b"text")
        archive = folder / "first.tar"
        *_made, figures = manage(
            instance,
            ("migrate", "-v0"),
            ("load_network",),
            ("import_data", "spaces", str(folder / "spaces.csv")),
            ("import_data", "leases", str(folder / "leases.csv"), "--create-companies"),
            ("backup", str(archive)),
            INDICATORS,
        )
        yield House(instance, archive, figures, files(instance))
        user.leave()


@pytest.mark.torture
def test_a_backup_in_an_empty_folder_is_the_same_house(house: House) -> None:
    assert stat.S_IMODE(house.archive.stat().st_mode) == 0o600
    assert json.loads(house.figures)[0]["value"] == "2"
    with empty_folder() as folder, instance_in(folder) as fresh:
        fresh.user().ready()
        _restored, figures = manage(fresh, ("restore", str(house.archive)), INDICATORS)
        assert figures == house.figures
        assert files(fresh) == house.files
        for role, sql, says in (
            ("technopark_runtime", "UPDATE leases_leaseversion SET reason = ''", "denied"),
            ("technopark_runtime", "UPDATE billing_invoiceline SET amount = 0", "denied"),
            ("technopark_runtime", "DELETE FROM billing_allocation", "denied"),
            ("technopark_runtime", "TRUNCATE sites_site CASCADE", "denied"),
            ("technopark_runtime", "UPDATE sites_site SET phone = '' RETURNING 'ok'", "ok"),
            ("technopark_owner", "CREATE TABLE later(); SELECT 'ok'", "ok"),
            ("technopark_runtime", "SELECT 'ok' FROM later RIGHT JOIN (SELECT 1) ON true", "ok"),
            ("technopark_owner", "SELECT count(*) FROM pg_database WHERE datname ~ 'restore'", "0"),
        ):
            assert says in fresh.psql(role, sql)


@pytest.mark.torture
def test_what_is_there_is_replaced_only_when_asked(house: House) -> None:
    header, row = LEASES.splitlines()[0], "L3,TNG,Souss Démo,,,2025-01-01,,300,domiciliation"
    more = house.instance.paths.data / "more.csv"
    more.write_text(f"{header}\n{row}\n", encoding="utf-8")
    late = house.instance.paths.media / "late.txt"
    late.write_bytes(b"late")
    _imported, refused = manage(
        house.instance,
        ("import_data", "leases", str(more), "--create-companies"),
        ("restore", str(house.archive)),
    )
    assert refused == (
        "refused: The database is not empty (applications_call has rows): "
        "--replace puts the backup in its place. Nothing was changed."
    )
    assert (house.count(), late.exists()) == ("3", True)
    _restored, figures = manage(
        house.instance, ("restore", str(house.archive), "--replace"), INDICATORS
    )
    assert (house.count(), figures, files(house.instance)) == ("2", house.figures, house.files)


@pytest.mark.torture
def test_what_cannot_be_done_is_said_in_one_line_and_changes_nothing(house: House) -> None:
    whole = house.archive.read_bytes()
    middle = len(whole) // 2
    folder = house.instance.paths.data
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    contents = {"cut": whole[:middle], "flipped": flipped, "other": b"not an archive"}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    said = manage(
        house.instance,
        *(("restore", str(folder / name), "--replace") for name in contents),
        ("backup", str(house.archive)),
        ("backup", str(folder / "nowhere" / "b.tar")),
    )
    assert said == [
        f"refused: {folder}/cut is damaged or cut off: unexpected end of data. "
        "Nothing was changed.",
        f"refused: {folder}/flipped is damaged: database.dump is not what was saved. "
        "Nothing was changed.",
        f"refused: {folder}/other is not a backup of Technopark. Nothing was changed.",
        f"refused: {house.archive} exists already: choose another name.",
        f"refused: {folder}/nowhere/b.tar cannot be written: No such file or directory.",
    ]
    assert house.archive.read_bytes() == whole
    assert list(folder.glob(".first*")) == []
    assert (house.count(), files(house.instance)) == ("2", house.files)


# --- The archive alone ---------------------------------------------------------------------


def _small_archive(folder: Path) -> bytes:
    (folder / "a").write_bytes(b"dump")
    (folder / "b").write_bytes(b"file")
    out = io.BytesIO()
    writer = Writer(out)
    writer.add_file(DUMP, folder / "a")
    writer.add_file(f"{MEDIA}b", folder / "b")
    writer.close(Manifest("1", "2026-01-01", 18, [["core", "0001"]], {"t": 1}, writer.parts))
    return out.getvalue()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, Manifest]:
    folder = tmp_path_factory.mktemp("archive")
    content = _small_archive(folder)
    path = folder / "small.tar"
    path.write_bytes(content)
    return path, content, verify(path)


@given(data=st.data())
def test_no_damage_goes_unnoticed(small: tuple[Path, bytes, Manifest], data: st.DataObject) -> None:
    path, content, manifest = small
    place = data.draw(st.integers(0, len(content) - 1))
    damaged = data.draw(
        st.sampled_from(
            [
                content[:place],
                content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :],
            ]
        )
    )
    path.write_bytes(damaged)
    try:
        read = verify(path)
    except BackupError:
        return
    # What is left is padding and the manifest's own wording, which the digests do not need.
    assert read.parts == manifest.parts


def test_an_archive_says_what_it_is_with_its_first_bytes(
    small: tuple[Path, bytes, Manifest],
) -> None:
    assert small[1].startswith(MARK.encode())


@pytest.mark.django_db
def test_a_missing_program_is_named_with_what_to_install() -> None:
    with pytest.raises(BackupError) as missing:
        program("pg_nothing")
    assert missing.value.message == (
        "pg_nothing of PostgreSQL 18 or later is needed: "
        "install postgresql-client-18, or requirements-embedded.txt."
    )


def test_the_products_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == technopark.VERSION
