"""Everything that users read is there in every language, and says the same."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.apps import apps
from django.conf import settings

from technopark import catalogues
from technopark.embedded.paths import ROOT

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{\w*\}")
LANGUAGES = catalogues.languages()


def test_french_and_arabic_have_catalogues() -> None:
    assert LANGUAGES == ["fr", "ar"]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def found() -> Catalog:
    return catalogues.extracted()


def test_nothing_is_missing_gone_or_out_of_place(language: str, found: Catalog) -> None:
    """The file is exactly what `manage.py catalogues` would write, without an empty line."""
    merged = catalogues.merged(language, found)
    assert catalogues.missing(merged) == []
    kept = catalogues.po_file(language).read_text(encoding="utf-8")
    assert catalogues.as_text(merged) == kept, "run `manage.py catalogues`"


def test_nothing_is_fuzzy(language: str) -> None:
    assert [message.id for message in catalogues.read(language) if message.fuzzy] == []


def test_placeholders_are_those_of_the_source(language: str) -> None:
    """A plural form may leave its number out (« one », « two » are words in Arabic)."""
    wrong = []
    for message in catalogues.read(language):
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        asked = {found.group() for source in sources for found in _PLACEHOLDER.finditer(source)}
        for text in texts:
            given = {found.group() for found in _PLACEHOLDER.finditer(text)}
            if given - asked or (len(texts) == 1 and given != asked):
                wrong.append((message.id, text))
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "wrong"),
    [("fr", r"[^\u00a0\u202f][:;!?»](\s|$)|«[^\u00a0\u202f]"), ("ar", r"[؀-ۿ][,;?]")],
    ids=["fr", "ar"],
)
def test_punctuation_is_the_languages_own(language: str, wrong: str) -> None:
    """In French a no-break space stands before a colon: a plain one begins lines with it."""
    found = [
        text
        for message in catalogues.read(language)
        for text in ([message.string] if isinstance(message.string, str) else message.string)
        if message.id and re.search(wrong, text)
    ]
    assert found == []


def test_every_plural_form_is_given(language: str) -> None:
    catalogue = catalogues.read(language)
    wrong = [
        message.id
        for message in catalogue
        if message.id and message.pluralizable and len(message.string) != catalogue.num_plurals
    ]
    assert wrong == []


def test_no_alias_hides_words_from_the_catalogues() -> None:
    """The words are found by the name of the function that is called with them."""
    folders = [Path(apps.get_app_config(label).path) for label in settings.OUR_APPS]
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno} {name.name} as {name.asname}"
        for folder in [*folders, ROOT / "technopark"]
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and (name.asname or name.name) not in catalogues.KEYWORDS
    ]
    assert hidden == []
