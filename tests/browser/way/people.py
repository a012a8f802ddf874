"""The people of a way through the house, each in a browser of their own."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import mail
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from accounts.models import User
from core import messages
from tests.browser.watch import PHONE, Watch, overflow, shot
from tests.factories import doors


@dataclass
class Person:
    """A browser, what it complained about, and how wide each page that was looked at is."""

    page: Page
    base: str
    language: str
    name: str
    watch: Watch = field(init=False)
    wide: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = Watch(self.page, self.base)
        cookie: Any = {
            "name": settings.LANGUAGE_COOKIE_NAME, "url": self.base, "value": self.language,
        }  # fmt: skip
        self.page.context.add_cookies([cookie])

    def opens(self, address: str) -> None:
        """A path of this house, or a letter's link to it."""
        self.page.goto(self.base + re.sub(r"^https?://[^/]+", "", address))

    def looks(self, name: str) -> None:
        """The page is in their language, runs in its direction, and fits the window."""
        direction = "rtl" if self.language == "ar" else "ltr"
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.locator("html")).to_have_attribute("dir", direction)
        self.wide[name] = overflow(self.page)
        shot(self.page, f"way_{self.language}_{self.name}_{name}")

    def looks_on_a_phone(self, name: str) -> None:
        """The same page, narrow, and wide again."""
        size = self.page.viewport_size
        assert size is not None
        self.page.set_viewport_size(PHONE)
        self.looks(name)
        self.page.set_viewport_size(size)

    def sends(self, form: Locator | str) -> None:
        """Press the form's first button, and be on the page that answers."""
        found = self.page.locator(form) if isinstance(form, str) else form
        with self.page.expect_navigation():
            found.locator("[type=submit]").first.click()


def person(browser: Browser, base: str, language: str, name: str, *, size: ViewportSize) -> Person:
    page = browser.new_context(viewport=size).new_page()
    return Person(page, base, language, name)


def colleague(browser: Browser, base: str, user: User, *, size: ViewportSize) -> Person:
    """A member of staff, signed in with both factors by the cookie of a client that is."""
    made = person(browser, base, user.language, user.email.partition("@")[0], size=size)
    cookie: Any = {
        "name": settings.SESSION_COOKIE_NAME,
        "url": base,
        "value": doors.signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value,
    }
    made.page.context.add_cookies([cookie])
    return made


def letters() -> list[str]:
    """What leaves now: subject and text of each, as a worker that was woken would send them."""
    before = len(mail.outbox)
    messages.send_due()
    return [f"{letter.subject}\n{letter.body}" for letter in mail.outbox[before:]]


def link(letter: str, part: str) -> str:
    """The letter's one link to that part of the house."""
    (address,) = re.findall(rf"https?://\S+{part}\S*", letter)
    return str(address)


def does_next(who: Person, path: str) -> None:
    """The one thing to do next is this act, and is done at once."""
    who.sends(f"form[action$='/{path}/']:has(.file-next)")


def opens_act(who: Person, path: str) -> None:
    who.page.locator(".file-menu summary").click()
    who.page.locator(f".file-menu a[href$='/{path}/']").click()


def submits(who: Person) -> None:
    who.sends(who.page.locator("form[method=post]:has(fieldset), form[novalidate]").last)


def uploads(who: Person, key: str, file: FilePayload) -> None:
    row = who.page.locator(f"#document-{key}")
    row.locator("input[type=file]").set_input_files([file])
    expect(row.locator(".files a")).to_have_text([file["name"]])
