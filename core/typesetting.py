"""PDFs by typst: a template, and data that is never read as markup.

Data goes in as JSON; a template shows its texts as values, so nothing that somebody typed can be
an instruction. The same data gives the same bytes: no clock, no font of the machine.

Whatever differs from one document to the next goes in as files beside the template, not as typst's
`sys.inputs`: those are a part of its standard library, which it would make and hash anew each time.
"""

import importlib.resources
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

import typst
from django.conf import settings
from django.utils.translation import get_language

from core.glyphs import characters_of, speak

STANDARD: Final = "a-2b"
"""PDF/A: to be kept, with its fonts inside."""
STANDARD_WITH_FILES: Final = "a-3b"
FOR_ALL: Final = "ua-1"
"""PDF/UA: to be read by whoever does not see it."""
_FONT_PACKAGES: Final = ("fontpkg_ibm_plex_sans", "fontpkg_ibm_plex_sans_arabic")
_one_at_a_time = Lock()


def typeset(
    template: str,
    data: Any,
    *,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
    files: Mapping[str, str] = MappingProxyType({}),
    for_all: bool = False,
) -> bytes:
    """The PDF of a template (a path under `templates/`) in the language in force.

    `data`: what JSON can say. Characters that the fonts lack are named in brackets. `pictures`
    (JPEG) stand under `/pictures/`, by name. `files`: texts that the template attaches or draws as
    they are, under `/`, by name; with them it is a PDF/A that may hold files. Every document is
    tagged; `for_all`: it claims PDF/UA, so it is refused if a drawing has no words instead. About
    15 ms a page.
    """
    known = _known()
    language = (get_language() or "fr")[:2]
    written = {
        "data.json": json.dumps(_spoken(data, known), ensure_ascii=False),
        "language.txt": language,
        **files,
    }
    given: Any = {name: text.encode() for name, text in written.items()}
    given["main.typ"] = _root() / template  # typst begins with what has this name
    standards: Any = [STANDARD_WITH_FILES if files else STANDARD, *([FOR_ALL] if for_all else [])]
    with _one_at_a_time, _in_root(pictures) as root:
        compiled = partial(_compiler().compile, given, root=str(root), timestamp=0)
        try:
            made = compiled(pdf_standards=standards)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            # A letter of one font under a mark of the other: shown as well as can be, not to be
            # called PDF/A.
            made = compiled()
    assert isinstance(made, bytes)
    return made


def _spoken(value: Any, known: frozenset[int]) -> Any:
    if isinstance(value, str):
        return speak(value, known)
    if isinstance(value, dict):
        return {key: _spoken(item, known) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spoken(item, known) for item in value]
    return value


def _root() -> Path:
    return Path(settings.BASE_DIR) / "templates"


@contextmanager
def _in_root(pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """The folder that typst may read; where there are pictures, one that has them beside the
    templates for a while."""
    if not pictures:
        yield _root()
        return
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for each in _root().iterdir():
            (root / each.name).symlink_to(each)
        (root / "pictures").mkdir()
        for name, content in pictures.items():
            (root / "pictures" / name).write_bytes(content)
        yield root


def _font_folders() -> list[Path]:
    return [Path(str(importlib.resources.files(name))) / "files" for name in _FONT_PACKAGES]


@cache
def _known() -> frozenset[int]:
    fonts = [font for folder in _font_folders() for font in folder.rglob("*.ttf")]
    # Each family in one face: its others have the same characters.
    faces = {font.name.split("[")[0].split("-")[0]: font for font in sorted(fonts, reverse=True)}
    return frozenset().union(*(characters_of(font) for font in faces.values()))


@cache
def _compiler() -> typst.Compiler:
    """One for the process: fonts are read once. Not to be shared by threads at one time."""
    return typst.Compiler(
        root=str(_root()),
        font_paths=[str(folder) for folder in _font_folders()],
        ignore_system_fonts=True,
    )
