"""A talk's people, days and files in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cube_demper.core.money import NBSP
from cube_demper.ui import format as fmt


@dataclass
class MediaView:
    """What goes with a message. `kind` "" — nothing; `href` "": it is not here."""

    kind: str = ""
    href: str = ""
    name: str = ""
    note: str = ""


@dataclass
class Insert:
    """What the composer is to do next: «clear» it, «insert» a text, «keep» what is there.

    `thread`: whose composer; the person may have opened another talk meanwhile.
    """

    number: int = 0
    deed: str = "keep"
    text: str = ""
    thread: str = ""

    def then(self, deed: str, thread: str, text: str = "") -> Insert:
        """Return the next thing to do."""
        return Insert(self.number + 1, deed, text, thread)


def initials(person: str) -> str:
    """Return what stands for a person's picture: «АС», «#» where the name has no letters."""
    words = [word for word in person.split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or "#"


def hue(person_id: str) -> str:
    """Return the number of a person's colour, the same each time."""
    return str(int(person_id[:4], 16) % 6)


def short_moment(at: datetime, now: datetime) -> str:
    """Say when a talk was heard of last: «14:05», «вчера», «22 ноя»."""
    days = (now.astimezone(fmt.ALMATY).date() - at.astimezone(fmt.ALMATY).date()).days
    if days <= 0:
        return fmt.clock_time(at)
    return "вчера" if days == 1 else fmt.day(at)


def day_heading(at: datetime, now: datetime) -> str:
    """Name the day that a talk's next messages are of: «Сегодня», «Вчера», «22 ноя», «3 янв 2025»."""
    today, local = now.astimezone(fmt.ALMATY).date(), at.astimezone(fmt.ALMATY).date()
    if local == today:
        return "Сегодня"
    if local == today - timedelta(days=1):
        return "Вчера"
    year = f"{NBSP}{local.year}" if local.year != today.year else ""
    return f"{fmt.day(at)}{year}"


def file_size(size: int) -> str:
    """Say a file's size: «184 КБ», «2,4 МБ»."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}{NBSP}КБ"
    return f"{fmt.number(size / 1024 / 1024, digits=1)}{NBSP}МБ"
