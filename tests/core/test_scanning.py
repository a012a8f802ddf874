"""What clamd says of a file, spoken to over its own protocol; and what to make of its silence."""

import io
import socket
import socketserver
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from core.scanning import Result, ScannerDown, Verdict, parse_address, scan
from tests.factories.uploads import EICAR, clamd


def test_the_whole_file_is_shown_and_judged(settings: Settings) -> None:
    large = io.BytesIO(bytes(200_000) + EICAR)
    large.seek(70_000)
    with clamd() as (address, seen):
        settings.CLAMD_ADDRESS = address
        assert scan(large) == Verdict(Result.INFECTED, "Eicar-Test-Signature")
        assert scan(io.BytesIO(b"")) == Verdict(Result.CLEAN)
        assert scan(io.BytesIO(b"honest")) == Verdict(Result.CLEAN)
    assert large.tell() == 0
    assert seen == [large.getvalue(), b"", b"honest"]


def test_without_a_scanner_nothing_is_scanned(settings: Settings) -> None:
    settings.CLAMD_ADDRESS = ""
    assert scan(io.BytesIO(EICAR)) == Verdict(Result.NOT_SCANNED)


def test_a_unix_socket_does_as_well(settings: Settings, tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()

        def answer() -> None:
            line, _peer = server.accept()
            with line:
                while not line.recv(4096).endswith(b"\0\0\0\0"):
                    pass
                line.sendall(b"stream: ")
                line.sendall(b"OK\0")  # in two pieces

        thread = threading.Thread(target=answer)
        thread.start()
        settings.CLAMD_ADDRESS = f"unix://{path}"
        assert scan(io.BytesIO(b"honest")) == Verdict(Result.CLEAN)
        thread.join()
        settings.CLAMD_ADDRESS = f"unix://{path}-gone"
        with pytest.raises(ScannerDown):
            scan(io.BytesIO(b"honest"))


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"stream: OK",  # the line broke before the end
        b"stream: FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"x" * 10_000,
        b"stream: OK\0stream: OK\0",
        b"\xff\xfe\0",
    ],
)
def test_anything_but_a_verdict_is_none(settings: Settings, said: bytes) -> None:
    with clamd(lambda _file: said) as (address, _seen):
        settings.CLAMD_ADDRESS = address
        file = io.BytesIO(b"honest")
        with pytest.raises(ScannerDown) as down:
            scan(file)
    assert (down.value.status, file.tell()) == (503, 0)


def test_a_file_too_long_for_it_has_no_verdict(settings: Settings) -> None:
    """clamd hangs up in the middle of the file, having said why."""
    with clamd(longest=100_000) as (address, seen):
        settings.CLAMD_ADDRESS = address
        with pytest.raises(ScannerDown) as down:
            scan(io.BytesIO(bytes(20_000_000)))
    assert seen == []
    assert "size limit" in down.value.detail or "closed" in down.value.detail


def test_a_scanner_that_is_away_or_asleep(settings: Settings) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{server.server_address[1]}"
        with pytest.raises(ScannerDown) as down:  # it listens, and nobody is there
            scan(io.BytesIO(b"honest"), patience=0.05)
        assert down.value.detail == "it does not answer in time"
    with pytest.raises(ScannerDown):
        scan(io.BytesIO(b"honest"))


def test_addresses(settings: Settings) -> None:
    assert parse_address("") is None
    assert parse_address("tcp://clamav:3310") == ("clamav", 3310)
    assert parse_address("tcp://[::1]:3310") == ("::1", 3310)
    assert parse_address("unix:///run/clamav/clamd.ctl") == "/run/clamav/clamd.ctl"
    for bad in ("clamav:3310", "tcp://clamav", "tcp://clamav:x", "tcp://:3310", "unix://", "http://a:1",
                "tcp://a:1/b", "tcp://me@a:1", "tcp://[::1:3310", "unix:///a?b"):  # fmt: skip
        with pytest.raises(ImproperlyConfigured):
            parse_address(bad)
