"""What a page complained about, whom it asked, how wide it is, and what it looks like."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
# The suite walks in the language that mirrors every page; the others are walked with the torture.
IN_EVERY_LANGUAGE = (
    "ar",
    pytest.param("fr", marks=pytest.mark.torture),
    pytest.param("en", marks=pytest.mark.torture),
)


class Watch:
    """Errors, warnings, breaches of the content policy, requests that leave the house."""

    def __init__(self, page: Page, own: str) -> None:
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: self._asked(asked.url, own))

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _asked(self, url: str, own: str) -> None:
        if not url.startswith((own, "data:")):
            self.strangers.append(url)


def refused(status: int, phrase: str) -> str:
    """What Chromium says about a page answered with an error that the test asked for."""
    return f"Failed to load resource: the server responded with a status of {status} ({phrase})"


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    excess: int = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return excess


def shot(page: Page, name: str) -> None:
    """A picture into the folder SCREENSHOTS, when somebody wants to look."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
