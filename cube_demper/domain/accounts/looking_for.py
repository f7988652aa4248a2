"""What a search for a person may mean. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

_ID = re.compile(r"[0-9a-f-]{6,36}")
_NOT_WORD = re.compile(r"[^\w@.+-]+")
_HIGHEST = "f" * 32
_LOWEST = "0" * 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each part that is not empty is one way to be found; a person found by any of them fits."""

    email: str = ""
    """The beginning of an e-mail, in small letters."""
    words: tuple[str, ...] = ()
    """Beginnings of words of a name, all of them."""
    ids: tuple[UUID, UUID] | None = None
    """The first and last id with this beginning."""
    phone: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is looked for."""
        return not (self.email or self.words or self.ids or self.phone)


def read(text: str) -> Wanted:
    """Read what was typed: e-mail, name, id or phone, whichever it can be."""
    text = text.strip().lower()[:100]
    if not text:
        return Wanted()
    words = tuple(it for it in _NOT_WORD.split(text.replace("@", " ")) if it.strip("._+-"))
    has_at = "@" in text
    return Wanted(
        email=text if " " not in text else "",
        words=() if has_at else words[:5],
        ids=_ids(text),
        phone=_phone(text),
    )


def _ids(text: str) -> tuple[UUID, UUID] | None:
    digits = text.replace("-", "")
    if not _ID.fullmatch(text) or not 6 <= len(digits) <= 32:
        return None
    return UUID(digits + _LOWEST[len(digits) :]), UUID(digits + _HIGHEST[len(digits) :])


def _phone(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if len(digits) not in (10, 11) or re.search(r"[^\d\s()+-]", text):
        return ""
    return f"+7{digits[-10:]}"
