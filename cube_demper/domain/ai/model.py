"""What is asked of a language model and what it answers; the integration stands behind `LanguageModel`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from cube_demper.core.errors import Refused


class Grade(StrEnum):
    """Which of the models of the settings answers: GEMINI_MODEL or GEMINI_LAWYER_MODEL."""

    QUICK = "quick"
    THOROUGH = "thorough"


class Effort(StrEnum):
    """How long the model thinks before it answers; its thoughts cost tokens too."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said in a talk; the last turn is never the model's."""

    text: str
    is_model: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question. `schema`: the JSON schema of a structured answer; `max_tokens` counts thoughts in."""

    instructions: str
    turns: tuple[Turn, ...]
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 4096
    grade: Grade = Grade.QUICK
    effort: Effort = Effort.LOW

    @property
    def most_tokens(self) -> int:
        """Return more than the call can cost: a token is at least a character and a half of Cyrillic."""
        given = len(self.instructions) + sum(len(turn.text) for turn in self.turns)
        return given * 2 // 3 + self.max_tokens

    def corrected(self, answer: str, fault: str) -> Prompt:
        """Return the same question after an answer that would not do, with what was wrong in it."""
        again = (Turn(answer or "…", is_model=True), Turn(f"Ответ не подошёл: {fault} Исправь."))
        return replace(self, turns=(*self.turns, *again))


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call."""

    prompt: int = 0
    reply: int = 0
    thoughts: int = 0

    @property
    def total(self) -> int:
        """Return what the call costs of a plan's tokens."""
        return self.prompt + self.reply + self.thoughts


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `is_cut`: it ended at `max_tokens`. `data`: what a structured one holds, None if no JSON."""

    text: str
    model: str
    usage: Usage = field(default_factory=Usage)
    is_cut: bool = False
    data: Any = None


class Blocked(Refused):
    """Модель отказалась отвечать на этот запрос. Переформулируйте его."""

    code = "model_blocked"

    def __init__(self, message: str | None = None, *, usage: Usage | None = None) -> None:
        """Keep what the refusal has cost."""
        super().__init__(message)
        self.usage = usage or Usage()


OnText = Callable[[str], Awaitable[None]]
"""Takes an answer piece by piece while it is written."""


class LanguageModel(Protocol):
    """The way to a language model."""

    def name_of(self, grade: Grade) -> str:
        """Return the name of the model that answers for a grade."""
        ...

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        """Ask once. With `on_text` the pieces come as they are written; the whole is returned too.

        Raises Blocked, RateLimited, Unreachable, CredentialsRejected, ContractChanged.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
