"""Calendar entries, octet by octet."""

import datetime as dt

from core.calendars import entry

MOMENT = dt.datetime(2026, 12, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_an_entry_is_escaped_folded_and_in_universal_time() -> None:
    written = entry(
        uid="committee-7@technopark.example",
        sequence=2,
        written_at=MOMENT - dt.timedelta(days=7),
        begins_at=MOMENT,
        title="لجنة الدار البيضاء: جلسة 1 دجنبر 2026",
        place="Salle A, 2e étage; porte jaune \\B\r\nATTENDEE:mailto:x@example.org",
        address="https://technopark.example/staff/sittings/7/",
    )
    assert written.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Technopark//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:committee-7@technopark.example",
        "SEQUENCE:2",
        "STATUS:CONFIRMED",
        "DTSTAMP:20261124T090000Z",
        "DTSTART:20261201T090000Z",
        "SUMMARY:لجنة الدار البيضاء: جلسة 1 دجنبر 2026",
        "LOCATION:Salle A\\, 2e étage\\; porte jaune \\\\B\\nATTENDEE:mailto:x@example.o",
        " rg",
        "URL:https://technopark.example/staff/sittings/7/",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    assert max(len(line.encode()) for line in written.split("\r\n")) <= 75


def test_a_cancelled_one_says_so() -> None:
    written = entry(uid="x", sequence=1, written_at=MOMENT, begins_at=MOMENT, title="é" * 60,
                    cancelled=True)  # fmt: skip
    assert {"METHOD:CANCEL", "STATUS:CANCELLED"} < set(written.split("\r\n"))
    assert written.replace("\r\n ", "").count("é") == 60
