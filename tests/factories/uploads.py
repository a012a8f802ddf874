"""Small files of every kind, honest ones, and a scanner that speaks clamd's protocol."""

import io
import socketserver
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

from PIL import Image
from pypdf import PdfWriter

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner calls infected, and harms nobody."""
OOXML = "application/vnd.openxmlformats-officedocument."


def pdf(change: Callable[[PdfWriter], Any] = lambda _writer: None, *, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed(*parts: tuple[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def ooxml(
    kind: str = "wordprocessingml.document",
    *more: tuple[str, bytes | str],
    types: str = "",
) -> bytes:
    """An Office document: `kind` with its main part, and whatever parts are put beside it."""
    content = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/main.xml" ContentType="{OOXML}{kind}.main+xml"/>'
        f"{types}</Types>"
    )
    return packed(("[Content_Types].xml", content), ("main.xml", "<document/>"), *more)


def odf(kind: str = "text", *more: tuple[str, bytes | str]) -> bytes:
    parts = (("mimetype", f"application/vnd.oasis.opendocument.{kind}"), ("content.xml", "<c/>"))
    return packed(*parts, *more)


def png(width: int = 1, height: int = 1) -> bytes:
    """The header says its size; nobody draws it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT", b"IEND")
    body = b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", crc32(chunk))
        for chunk in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg(width: int = 1, height: int = 1) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe0"
        + struct.pack(">H", 16)
        + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\0\x08\x01\x01\0\0?\0"
        + b"picture\xff\0picture\xff\xd9"
    )


def webp(width: int = 1, height: int = 1) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sizes
    return b"RIFF" + struct.pack("<I", len(body)) + body


class _Clamd(socketserver.StreamRequestHandler):
    """zINSTREAM as clamd(8) describes it: chunks with their length before them, then a zero."""

    def handle(self) -> None:
        server: Any = self.server
        command = self.rfile.read(len(b"zINSTREAM\0"))
        assert command == b"zINSTREAM\0", command
        file = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            file += self.rfile.read(length)
            if len(file) > server.longest:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        server.seen.append(file)
        self.wfile.write(server.says(file))


def _verdict(file: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in file else b"stream: OK\0"


@contextmanager
def clamd(
    says: Callable[[bytes], bytes] = _verdict, *, longest: int = 25 * 1024**2
) -> Iterator[tuple[str, list[bytes]]]:
    """A scanner in a thread: its address for the settings, and the files it has seen."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        told: Any = server
        told.says, told.longest, told.seen, told.daemon_threads = says, longest, [], True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}", told.seen
        finally:
            server.shutdown()
            thread.join()


def photo(width: int = 80, height: int = 60, *, shade: int = 0, turned: bool = True) -> bytes:
    """What a phone makes: a JPEG that says where it was, with what, and how it was held."""
    drawn = Image.new("RGB", (width, height), (200, 60, shade))
    drawn.paste((20, 60, 200), (0, 0, width // 2, height // 2))
    told = Image.Exif()
    told[0x0110] = "Telephone 7"  # model
    if turned:
        told[0x0112] = 6  # a quarter of a turn
    told.get_ifd(0x8825).update({1: "N", 2: (33.0, 35.0, 17.0), 3: "W", 4: (7.0, 36.0, 40.0)})
    out = io.BytesIO()
    drawn.save(out, "JPEG", exif=told, comment=b"by hand", quality=90)
    return out.getvalue()
