"""What may be uploaded, by its bytes; and every trick that is refused, with its reason."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from core.uploads import Checked, UploadRefused, UploadTooLarge, check_upload, inspecting, office
from core.uploads.refusals import (
    UploadActive,
    UploadBomb,
    UploadDamaged,
    UploadEmpty,
    UploadEncrypted,
    UploadKindDiffers,
    UploadKindRefused,
    UploadNameTooLong,
    UploadOfHugePicture,
    UploadOfOldOffice,
)
from tests.factories.uploads import EICAR, OOXML, jpeg, odf, ooxml, packed, pdf, png, webp

SHEET, SLIDES = "spreadsheetml.sheet", "presentationml.presentation"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
ODF = "application/vnd.oasis.opendocument."


def checked(content: bytes, name: str, **more: int) -> Checked:
    file = io.BytesIO(content)
    found = check_upload(file, name=name, **{"size": len(content), **more})
    assert file.tell() == 0
    return found


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (pdf(), "Statuts.pdf", "application/pdf"),
        (ooxml(), "plan.docx", f"{OOXML}wordprocessingml.document"),
        (ooxml(SHEET), "budget.xlsx", f"{OOXML}{SHEET}"),
        (ooxml(SLIDES), "pitch.pptx", f"{OOXML}{SLIDES}"),
        (ooxml(SLIDES, ("ppt/e/book.xlsx", ooxml(SHEET))), "chart.pptx", f"{OOXML}{SLIDES}"),
        (ooxml(SHEET, ("xl/embeddings/formula.bin", OLE)), "budget.xlsx", f"{OOXML}{SHEET}"),
        (odf(), "plan.odt", f"{ODF}text"),
        (odf("spreadsheet"), "budget.ods", f"{ODF}spreadsheet"),
        (odf("text", ("Basic/script-lc.xml", "<l/>")), "plan.odt", f"{ODF}text"),
        (png(7000, 7000), "logo.png", "image/png"),
        (jpeg(4000, 3000), "photo.JPEG", "image/jpeg"),
        (webp(800, 600), "photo.webp", "image/webp"),
    ],
)
def test_documents_and_pictures_are_taken(content: bytes, name: str, media_type: str) -> None:
    extension = name.lower().rsplit(".", 1)[1].replace("jpeg", "jpg")
    digest = hashlib.sha256(content).hexdigest()
    assert checked(content, name) == Checked(name, media_type, extension, len(content), digest)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Présentation été.pdf", "Présentation été.pdf"),
        ("عرض المشروع.pdf", "عرض المشروع.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        (r"C:\Users\me\plan.pdf", "plan.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("fdp.\u202excod.pdf", "fdp.xcod.pdf"),
        ("a\r\nContent-Type: x.pdf", "a Content-Type: x.pdf"),
        ("Plan v1.2", "Plan v1.2.pdf"),
        ("", "document.pdf"),
        (" . ", "document.pdf"),
        ("plan.PDF", "plan.PDF"),
        (f"{'é' * 196}.pdf", f"{'é' * 196}.pdf"),
        ("a" * 200, f"{'a' * 195}.pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert checked(pdf(), given).name == kept


def deep() -> bytes:
    inner = packed(("a.txt", "a"))
    for _level in range(3):
        inner = packed(("inner.zip", inner))
    return ooxml("wordprocessingml.document", ("word/e.zip", inner))


def twice() -> bytes:
    out = io.BytesIO(ooxml())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("main.xml", "<other/>")
    return out.getvalue()


def opening_with(kind: str, **told: str) -> Callable[[PdfWriter], None]:
    """A PDF that does something when it is opened."""

    def change(writer: PdfWriter) -> None:
        act = DictionaryObject({NameObject("/S"): NameObject(kind)})
        act.update({NameObject(f"/{key}"): TextStringObject(text) for key, text in told.items()})
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(act)

    return change


def carrying(writer: PdfWriter) -> None:
    writer.add_attachment("run.exe", b"MZ")


def locked_pdf(user: str, owner: str = "owner") -> bytes:
    return pdf(lambda writer: writer.encrypt(user, owner, algorithm="AES-256"))


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"
OBJECTS = [
    OLE + bytes(64_515) + name.encode("utf-16-le") for name in ("\x01Ole10Native", "_VBA_PROJECT")
]
MACRO_TYPE = '<Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "vide.pdf", UploadEmpty),
        (pdf(), f"{'a' * 300}.pdf", UploadNameTooLong),
        (b"MZ" + bytes(500), "facture.pdf", UploadKindDiffers),
        (b"MZ" + bytes(500), "facture.exe", UploadKindRefused),
        (b"\x7fELF" + bytes(500), "facture", UploadKindRefused),
        (SVG, "logo.svg", UploadKindRefused),
        (SVG, "logo.png", UploadKindDiffers),
        (HTML, "page.html", UploadKindRefused),
        (HTML, "page.pdf", UploadKindDiffers),
        (EICAR, "eicar.com", UploadKindRefused),
        (b"GIF89a" + bytes(100), "anim.gif", UploadKindRefused),
        (packed(("a.txt", "a")), "all.zip", UploadKindRefused),
        (packed(("a.txt", "a")), "all.docx", UploadKindDiffers),
        (pdf(), "plan.exe", UploadKindDiffers),
        (pdf(), "plan.docx", UploadKindDiffers),
        (png(), "plan.jpg", UploadKindDiffers),
        # Old and protected Office.
        (OLE, "plan.doc", UploadOfOldOffice),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "plan.docx", UploadEncrypted),
        (odf("text", ("META-INF/manifest.xml", "<m:encryption-data/>")), "a.odt", UploadEncrypted),
        # What acts.
        (ooxml("wordprocessingml.document", types=MACRO_TYPE), "a.docx", UploadActive),
        (ooxml("wordprocessingml.document", ("word/vbaProject.bin", "x")), "a.docx", UploadActive),
        (ooxml(SHEET, ("xl/macrosheets/s.xml", "x")), "a.xlsx", UploadActive),
        (ooxml(SLIDES, ("ppt/e/b.xlsm", ooxml(SHEET, ("xl/vbaProject.bin", "x")))), "a.pptx",
         UploadActive),
        (ooxml(SHEET, ("xl/embeddings/o.bin", OBJECTS[0])), "a.xlsx", UploadActive),
        (ooxml(SHEET, ("xl/embeddings/o.bin", OBJECTS[1])), "a.xlsx", UploadActive),
        (odf("text", ("Basic/Standard/Module1.xml", "<m/>")), "a.odt", UploadActive),
        (odf("text", ("Scripts/python/run.py", "x")), "a.odt", UploadActive),
        (pdf(opening_with("/JavaScript", JS="app.alert(1)")), "a.pdf", UploadActive),
        (pdf(opening_with("/Launch", F="calc.exe")), "a.pdf", UploadActive),
        (pdf(carrying), "a.pdf", UploadActive),
        # What needs a password.
        (locked_pdf("secret"), "a.pdf", UploadEncrypted),
        # What is not whole.
        (pdf()[:-200], "a.pdf", UploadDamaged),
        (pdf()[:300], "a.pdf", UploadDamaged),
        (pdf(pages=0), "a.pdf", UploadDamaged),
        (b"%PDF-1.7\nnothing\nstartxref\n0\n%%EOF", "a.pdf", UploadDamaged),
        (ooxml()[:-30], "a.docx", UploadDamaged),
        (png()[:-4], "a.png", UploadDamaged),
        (jpeg()[:-2], "a.jpg", UploadDamaged),
        (webp()[:-2], "a.webp", UploadDamaged),
        (twice(), "a.docx", UploadDamaged),
        # What unpacks to far too much.
        (png(10_000, 10_000), "a.png", UploadOfHugePicture),
        (jpeg(60_000, 60_000), "a.jpg", UploadOfHugePicture),
        (webp(16_000, 16_000), "a.webp", UploadOfHugePicture),
        (deep(), "a.docx", UploadBomb),
    ],
)  # fmt: skip
def test_refused_with_the_reason(content: bytes, name: str, reason: type[UploadRefused]) -> None:
    with pytest.raises(UploadRefused) as refused:
        checked(content, name)
    assert type(refused.value) is reason
    assert refused.value.message
    assert (refused.value.status, refused.value.field) == (400, "file")


def test_zip_bombs_are_counted_while_they_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_LARGEST_UNPACKED", 500_000)
    picture = ("word/media/image1.png", bytes(1_000_000))
    honest = ooxml("wordprocessingml.document", picture)
    # It says everywhere that the part has 9 bytes.
    lying = honest.replace((1_000_000).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert lying != honest
    spread = ooxml(SLIDES, *((f"ppt/{part}.xlsx", ooxml(SHEET, picture)) for part in range(2)))
    for bomb, name in [(honest, "a.docx"), (lying, "a.docx"), (spread, "a.pptx")]:
        with pytest.raises(UploadBomb):
            checked(bomb, name)
    monkeypatch.setattr(office, "_MOST_PARTS", 50)
    with pytest.raises(UploadBomb):
        checked(ooxml(SHEET, *((f"{part}.xml", "") for part in range(60))), "a.xlsx")


def test_a_password_against_changes_alone_is_no_obstacle() -> None:
    assert checked(locked_pdf(""), "arrete.pdf").media_type == "application/pdf"


def test_polyglots_are_what_their_first_reader_takes_them_for() -> None:
    """A file that two programs read differently is taken for neither, or is served as one."""
    program = b"#!/bin/sh\nexit\n" + pdf()
    with pytest.raises(UploadKindDiffers):
        checked(program, "a.pdf")
    zip_after_picture = png() + ooxml("wordprocessingml.document", ("word/vbaProject.bin", "x"))
    assert checked(zip_after_picture, "a.png").media_type == "image/png"
    page_after_picture = jpeg() + HTML
    assert checked(page_after_picture, "a.jpg").media_type == "image/jpeg"
    with pytest.raises(UploadKindDiffers):
        checked(page_after_picture, "a.pdf")


def test_sizes_are_counted_not_believed() -> None:
    content = pdf()
    with pytest.raises(UploadTooLarge) as refused:
        checked(content, "a.pdf", size=30 * 1024**2)
    assert "20 MB" in refused.value.message
    with pytest.raises(UploadTooLarge):
        checked(content, "a.pdf", limit=100, size=50)
    with pytest.raises(UploadDamaged):  # the line broke
        checked(content, "a.pdf", size=len(content) + 1)


def test_a_pdf_whose_streams_explode_is_a_bomb() -> None:
    """The list of objects is itself packed: pypdf would unpack it whole."""
    packed_list = zlib.compress(bytes(30_000_000))
    body = b"%PDF-1.7\n"
    start = len(body)
    head = (
        b"<</Type/XRef/Size 3000000/W[1 8 1]/Filter/FlateDecode/Root 2 0 R/Length "
        + str(len(packed_list)).encode()
        + b">>"
    )
    body += b"1 0 obj\n" + head + b"\nstream\n" + packed_list + b"\nendstream\nendobj\n"
    body += b"startxref\n" + str(start).encode() + b"\n%%EOF\n"
    with pytest.raises(UploadRefused) as refused:
        checked(body, "a.pdf")
    assert type(refused.value) in {UploadBomb, UploadDamaged}


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "_SECONDS", -1.0)
    with pytest.raises(UploadBomb):
        checked(pdf(), "a.pdf")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pdf(), "a.pdf"),
        (ooxml(), "a.docx"),
        (odf(), "a.odt"),
        (png(), "a.png"),
        (jpeg(), "a.jpg"),
        (webp(), "a.webp"),
    ],
)
def test_no_bytes_raise_anything_else(content: bytes, name: str) -> None:
    """Cut anywhere it is refused; with a byte flipped it is taken or refused, never an error."""
    taken = 0
    for place in range(0, len(content), max(len(content) // 60, 1)):
        with pytest.raises(UploadRefused):
            checked(content[:place], name)
        flipped = bytes([*content[:place], content[place] ^ 0xFF, *content[place + 1 :]])
        with suppress(UploadRefused):
            checked(flipped, name)
            taken += 1
    assert taken < 60
