"""The manual lists every setting that the environment gives, and no other."""

import re

from technopark.embedded.paths import ROOT


def test_operations_manual_lists_every_setting() -> None:
    settings = (ROOT / "technopark" / "settings.py").read_text(encoding="utf-8")
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    read = set(re.findall(r"env\.(?:text|flag|integer|url|words)\(\s*\"([A-Z_]+)\"", settings))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", manual, re.MULTILINE))
    assert read == listed
