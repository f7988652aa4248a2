"""Buyers: phones in every written form, words of a name to search by, and what others see of them. Pure."""

from __future__ import annotations

import re
from typing import Final

_MOBILE: Final = re.compile(r"7\d{9}")
HIDDEN: Final = "скрыт"


def read_phone(text: str | None) -> str | None:
    """Return a phone as `+77010000001`; None for a masked one or anything else that is no phone.

    Kaspi gives ten digits without the country's code, people write 8, +7, brackets and dashes.
    """
    digits = re.sub(r"\D", "", text or "")
    if len(digits) == 11 and digits[0] in "78":
        digits = digits[1:]
    return f"+7{digits}" if _MOBILE.fullmatch(digits) else None


def name_words(name: str | None) -> tuple[str, ...]:
    """Return the words of a name that a search may find, without regard to case and «ё»."""
    words = re.findall(r"\w+", (name or "").casefold().replace("ё", "е"))
    return tuple(dict.fromkeys(word for word in words if len(word) > 1))


def masked_phone(phone: str | None) -> str:
    """Return what a person without the right sees: «+7 701 ··· ·· 01»."""
    return f"{phone[:2]} {phone[2:5]} ··· ·· {phone[-2:]}" if phone else HIDDEN


def shown_phone(phone: str | None) -> str:
    """Return a phone as people read it: «+7 701 000 00 01»."""
    if not phone:
        return HIDDEN
    return f"{phone[:2]} {phone[2:5]} {phone[5:8]} {phone[8:10]} {phone[10:]}"


def masked_name(name: str | None) -> str:
    """Return a name as initials: «А. Т.»."""
    return " ".join(f"{word[0]}." for word in (name or "").split() if word)
