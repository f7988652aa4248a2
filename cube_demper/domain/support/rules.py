"""What may become of a chat, what a message may be, and who gets the next chat. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.support.schemas import ChatStatus, Draft

LONGEST: Final = 4000
LONGEST_RATING: Final = 500
LONGEST_KEY: Final = 64
MOST_FILES: Final = 5


class Step(StrEnum):
    """What happens to a chat. WRITE: the person writes."""

    WRITE = "write"
    TAKE = "take"
    TRANSFER = "transfer"
    CLOSE = "close"
    REOPEN = "reopen"


NEXT: Final[Mapping[tuple[ChatStatus, Step], ChatStatus]] = MappingProxyType(
    {
        (ChatStatus.PENDING, Step.WRITE): ChatStatus.PENDING,
        (ChatStatus.PENDING, Step.TAKE): ChatStatus.OPEN,
        (ChatStatus.PENDING, Step.CLOSE): ChatStatus.CLOSED,
        (ChatStatus.OPEN, Step.WRITE): ChatStatus.OPEN,
        (ChatStatus.OPEN, Step.TRANSFER): ChatStatus.OPEN,
        (ChatStatus.OPEN, Step.CLOSE): ChatStatus.CLOSED,
        (ChatStatus.CLOSED, Step.WRITE): ChatStatus.REOPENED,
        (ChatStatus.CLOSED, Step.REOPEN): ChatStatus.REOPENED,
        (ChatStatus.REOPENED, Step.WRITE): ChatStatus.REOPENED,
        (ChatStatus.REOPENED, Step.TAKE): ChatStatus.OPEN,
        (ChatStatus.REOPENED, Step.CLOSE): ChatStatus.CLOSED,
    }
)
"""SPEC §11.2; what is in no line is refused."""


def after(status: ChatStatus, step: Step) -> ChatStatus | None:
    """Return the status after a step; None: the step is not for this status."""
    return NEXT.get((status, step))


def begins_round(before: ChatStatus, following: ChatStatus) -> bool:
    """Tell whether a step opens a matter of its own."""
    return before is ChatStatus.CLOSED and following is not ChatStatus.CLOSED


def read_draft(draft: Draft) -> Draft:
    """Return a message as it is kept. Raises InvalidInput saying what is wrong with it."""
    if len(draft.files) > MOST_FILES:
        raise InvalidInput(f"К сообщению можно приложить не больше {MOST_FILES} файлов.")
    text = read_text(draft.text, may_be_empty=bool(draft.files))
    return Draft(text, read_key(draft.key), draft.files)


def read_text(text: str, *, may_be_empty: bool = False) -> str:
    """Return a message as it is kept: what cannot be seen at its ends and control signs are gone.

    Raises InvalidInput saying how long it is and how long it may be.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in unified if sign in "\n\t" or not _is_control(sign)).strip()
    if not _is_visible(kept):
        if may_be_empty:
            return ""
        raise InvalidInput("Напишите сообщение: пустое не отправить.")
    if len(kept) > LONGEST:
        raise InvalidInput(
            f"Слишком длинно: {len(kept)} знаков из {LONGEST} возможных. "
            "Разделите на части или приложите файлом PDF."
        )
    return kept


def read_rating(rating: int, words: str) -> tuple[int, str]:
    """Check a rating. Raises InvalidInput."""
    if not 1 <= rating <= 5:
        raise InvalidInput("Оцените от 1 до 5.")
    clean = " ".join(words.split()).replace("\x00", "")
    if len(clean) > LONGEST_RATING:
        raise InvalidInput(f"Не больше {LONGEST_RATING} знаков, сейчас {len(clean)}.")
    return rating, clean


def read_key(key: str) -> str:
    """Check the key that a browser made. Raises InvalidInput."""
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInput("Данные устарели. Обновите страницу.")
    return key


@dataclass(frozen=True, slots=True)
class Place:
    """A support person who takes chats now. `load`: chats that are theirs and not closed."""

    user_id: UUID
    load: int
    most_chats: int


def least_loaded(places: Iterable[Place]) -> UUID | None:
    """Choose who gets the next chat: the fullest share of one's measure goes last; None: all are full."""
    free = [it for it in places if it.load < it.most_chats]
    if not free:
        return None
    return min(free, key=lambda it: (it.load / it.most_chats, it.load, str(it.user_id))).user_id


def _is_control(sign: str) -> bool:
    """Tell what no text needs: control signs, halves of characters, and what turns the line's direction."""
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in "\u202a\u202b\u202c\u202d\u202e"


def _is_visible(text: str) -> bool:
    return any(
        unicodedata.category(sign)[0] not in "CZM" and sign not in "\u115f\u1160\u3164"
        for sign in text
    )
