"""The words of the product in its languages: finding them in the sources, merging them.

Babel reads Python; Django turns a template into Python-like text by itself (`templatize`), as
its own `makemessages` does, so that no gettext program is needed on any machine.
"""

import importlib.util
import io
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

from technopark.embedded.paths import ROOT

SOURCE_LANGUAGE: Final = "en"
# Their pages are ours to show, and they bring no French or Arabic, or only some.
BORROWED: Final = ("unfold", "knox")
# Parts of unfold that the product does not install.
_NOT_SHOWN: Final = {
    "constance",
    "forms",
    "guardian",
    "hijack",
    "inlines",
    "location_field",
    "simple_history",
}
_OWN_WORDS: Final = ("django", "allauth", "import_export", *BORROWED)
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_STRING: Final = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL: Final = re.compile(rf"\b(?:_|n?p?gettext)\({_STRING}(?:, ?{_STRING})*(?:, ?count)?\)")


def languages() -> list[str]:
    """The languages that need a catalogue."""
    return [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


def po_file(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue as it stands in the repository; an empty one when there is none."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, domain="django")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def extracted() -> Catalog:
    """Every message of the sources, and those borrowed ones that their package leaves in English
    in some language."""
    found = Catalog(domain="django")
    for path in _sources():
        _add(found, path)
    borrowed = Catalog(domain="django")
    for package in BORROWED:
        for path in _files(_folder(package)):
            _add(borrowed, path)
    known = [_words_of_packages(language) for language in languages()]
    for message in borrowed:
        if message.id and not all(_key(message) in words for words in known):
            found.add(message.id, context=message.context)
    return found


def merged(language: str, found: Catalog) -> Catalog:
    """The catalogue with the messages `found` in the sources: new ones empty, gone ones dropped."""
    catalogue = read(language)
    # New messages are taken over as they are, and get this language's words.
    catalogue.update(deepcopy(found), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    words = _words_of_packages(language)
    for message in catalogue:
        if message.id and not translated(message) and _key(message) in words:
            message.string = words[_key(message)]
        # Where it was found changes with every edit; a diff should show words only.
        message.locations = []
        message.auto_comments = []
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """The .po file; its header bears no date and no names, so that a diff shows words only."""
    written = io.BytesIO()
    write_po(written, catalogue, width=100, omit_header=True, sort_output=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    )
    return header + written.getvalue().decode("utf-8")


def missing(catalogue: Catalog) -> list[str]:
    """The messages without a translation."""
    return [str(message.id) for message in catalogue if message.id and not translated(message)]


def translated(message: Message) -> bool:
    """Whether every form of the message has words."""
    if isinstance(message.string, str):
        return bool(message.string)
    return bool(message.string) and all(message.string)


def _key(message: Message) -> Any:
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context, singular)


def _sources() -> Iterator[Path]:
    for folder in (*settings.OUR_APPS, "technopark", "templates"):
        yield from _files(ROOT / folder)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if "migrations" in parts or (parts[0] == "contrib" and _NOT_SHOWN & set(parts)):
            continue
        if path.suffix in {".py", ".html", ".txt"}:
            yield path


def _add(catalogue: Catalog, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # The filler between the calls is for xgettext, which does not mind that it is no Python.
        text = "\n".join(call[0] for call in _CALL.finditer(templatize(text)))
    for _line, found, _comments, context in extract(
        "python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        catalogue.add(found, context=context)


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


def _words_of_packages(language: str) -> dict[Any, Any]:
    """What the installed packages say in the language by themselves."""
    words: dict[Any, Any] = {}
    for package in _OWN_WORDS:
        for path in sorted(_folder(package).rglob(f"locale/{language}/LC_MESSAGES/django.mo")):
            with path.open("rb") as file:
                for message in read_mo(file):
                    if message.id and translated(message):
                        words.setdefault(_key(message), message.string)
    return words
