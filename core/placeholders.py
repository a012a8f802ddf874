"""Words in braces in a text that people wrote: which mean nothing, and filling them in. Pure.

`{reference}` stands for a value; a brace itself is written twice. Nothing else means anything:
`str.format` would follow attributes of whatever it is given. A line whose placeholders all have
nothing to say is left out, so that « until {until} » needs no condition.
"""

import re
from collections.abc import Container, Mapping
from typing import Final

_TOKEN: Final = re.compile(r"\{\{|\}\}|\{([a-z_]+)\}|[{}]")


def unknown(text: str, names: Container[str]) -> list[str]:
    """What stands in braces and is none of the names, in its order; a lone brace as itself."""
    found: list[str] = []
    for token in _TOKEN.finditer(text):
        word = token.group()
        if word in {"{{", "}}"} or (token.group(1) and token.group(1) in names):
            continue
        if word not in found:
            found.append(word)
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder's value, in one pass: a value's own braces stay as they are.

    Raises KeyError for a name that `values` lacks, ValueError for a lone brace.
    """
    return "\n".join(
        _filled(line, values) for line in text.split("\n") if not _says_nothing(line, values)
    )


def _filled(line: str, values: Mapping[str, str]) -> str:
    def value(token: re.Match[str]) -> str:
        word = token.group()
        if word in {"{{", "}}"}:
            return word[0]
        if token.group(1) is None:
            raise ValueError(f"a lone {word}")
        return values[token.group(1)]

    return _TOKEN.sub(value, line)


def _says_nothing(line: str, values: Mapping[str, str]) -> bool:
    names = [token.group(1) for token in _TOKEN.finditer(line) if token.group(1)]
    return bool(names) and not any(values[name] for name in names)
