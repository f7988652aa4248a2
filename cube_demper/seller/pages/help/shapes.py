"""What an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One question. `link`: where the thing is done, with its words; `also`: words that people search by."""

    slug: str
    question: str
    text: tuple[str, ...]
    link: tuple[str, str] | None = None
    also: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Answers of one kind."""

    title: str
    icon: str
    answers: tuple[Answer, ...]
