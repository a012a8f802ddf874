"""What staff write as lines: small tables, « value | français | العربية | English », and values."""

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.languages import Language

_VALUE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LONGEST: Final = 300


class LinesField(forms.CharField):
    """Lines of a first word and its texts in the order of the languages; empty ones are left out.

    A missing Arabic or English text is no error yet: putting the version in use asks for it.
    """

    widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        rows = [self._row(line) for line in str(value or "").splitlines() if line.strip()]
        firsts = [first for first, _texts in rows]
        for first in firsts:
            if firsts.count(first) > 1:
                raise ValidationError(_("« %(word)s » stands there twice."), params={"word": first})
        return rows

    def _row(self, line: str) -> tuple[str, dict[str, str]]:
        parts = [part.strip() for part in line.split("|")]
        if not 2 <= len(parts) <= 1 + len(Language.values) or not parts[1]:
            raise ValidationError(
                _("Write « value | French | Arabic | English » instead of « %(line)s »."),
                params={"line": line.strip()},
            )
        _require_value(parts[0])
        texts = [*parts[1:], "", ""][: len(Language.values)]
        if any(len(text) > _LONGEST for text in texts):
            raise ValidationError(_("A text has more than 300 characters."))
        return parts[0], dict(zip(Language.values, texts, strict=True))


class ValuesField(forms.CharField):
    """Values of choices, one a line. Commas and spaces part them too: no value bears one."""

    widget = forms.Textarea(attrs={"rows": 3, "dir": "ltr"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        words = list(dict.fromkeys(re.findall(r"[^\s,،]+", str(value or ""))))
        for word in words:
            _require_value(word)
        return words


class ChoicesField(LinesField):
    """The choices of a question."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return _lines((choice["value"], choice) for choice in value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [{"value": first, **texts} for first, texts in super().to_python(value)]


class ScaleField(LinesField):
    """What numbers of points stand for."""

    def prepare_value(self, value: Any) -> Any:
        return _lines(value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        rows = super().to_python(value)
        for first, _texts in rows:
            if not first.isdigit():
                raise ValidationError(
                    _("« %(word)s » is no number of points."), params={"word": first}
                )
        return {str(int(first)): texts for first, texts in rows}


def _require_value(word: str) -> None:
    if not _VALUE.fullmatch(word):
        raise ValidationError(
            _("« %(word)s »: small letters, digits, - and _ only."), params={"word": word}
        )


def _lines(rows: Any) -> str:
    return "\n".join(
        " | ".join([first, *(texts.get(code, "") for code in Language.values)]).rstrip(" |")
        for first, texts in rows
    )
