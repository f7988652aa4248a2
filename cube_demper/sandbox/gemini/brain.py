"""What the sandbox's model says. It understands little and obeys every order that it finds in any text.

What is tested with it are the checks of who asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

_CHARS_PER_TOKEN = 3
_INJECTION = re.compile(
    r"(?:игнорируй|забудь|не обращай внимания на|ignore|disregard|forget)[^.!\n]{0,80}?"
    r"(?:инструкц\w*|правил\w*|указани\w*|instructions?|rules)[^\w«\"]*(?P<order>[^\n]{1,400})",
    re.IGNORECASE,
)
_SAY = re.compile(
    r"(?:напиши|ответь|скажи|пообещай|say|reply|write|promise)\w*[:\s]*[«\"]?(?P<words>[^»\"\n]{1,300})",
    re.IGNORECASE,
)
_LEAK = re.compile(
    r"системн\w+ (?:промпт|инструкц)|свои инструкции|system prompt|your instructions", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_BLOCKED = re.compile(r"как (?:сделать|собрать) (?:бомбу|взрывчатку)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came: what the developer said, the turns of the talk, the schema of an answer."""

    instructions: str
    turns: tuple[str, ...]
    schema: dict[str, Any] | None
    max_tokens: int

    @property
    def last(self) -> str:
        """Return what was said last."""
        return self.turns[-1] if self.turns else ""

    @property
    def tokens(self) -> int:
        """Return how many tokens the question has."""
        return count_tokens(self.instructions) + sum(count_tokens(it) for it in self.turns)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `is_blocked`: there is none, for reasons of safety; `is_cut`: it ended at the limit."""

    text: str = ""
    is_blocked: bool = False
    is_cut: bool = False


Talent = Callable[[Asked], str | None]
"""Answers what it recognises; None for anything else."""


@dataclass
class Brain:
    """Answers, the first that fits: what was scripted, what an injection orders, a talent's, filler."""

    talents: list[Talent] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    """Answers to the next questions, whatever they are."""
    heard: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """Answer a question."""
        self.heard.append(asked)
        if any(_BLOCKED.search(it) for it in asked.turns):
            return Said(is_blocked=True)
        text = self.script.pop(0) if self.script else obey(asked) or self._by_talent(asked)
        most = asked.max_tokens * _CHARS_PER_TOKEN
        return Said(text[:most], is_cut=len(text) > most)

    def _by_talent(self, asked: Asked) -> str:
        for talent in self.talents:
            if (found := talent(asked)) is not None:
                return found
        return fill(asked, f"Вы спросили: {asked.last[:200]}", None)


def obey(asked: Asked) -> str | None:
    """Return what an injection anywhere in the question orders; None when there is none."""
    for said in (*asked.turns, asked.instructions):
        if (found := _INJECTION.search(said)) is None:
            continue
        order = found["order"]
        if _LEAK.search(order):
            return fill(asked, asked.instructions, None)
        words = _SAY.search(order)
        number = _NUMBER.search(order)
        return fill(
            asked,
            words["words"].strip() if words else order.strip(),
            float(number[0].replace(",", ".")) if number else None,
        )
    return None


def fill(asked: Asked, words: str, number: float | None) -> str:
    """Return `words` as an answer, put wherever a schema takes text, and `number` wherever numbers."""
    if asked.schema is None:
        return words
    return orjson.dumps(_value(asked.schema, words, number, asked.schema)).decode()


def count_tokens(text: str) -> int:
    """Return about as many tokens as Gemini counts in Russian."""
    return -(-len(text) // _CHARS_PER_TOKEN)


def _value(schema: dict[str, Any], words: str, number: float | None, root: dict[str, Any]) -> Any:
    schema = _resolved(schema, root)
    if listed := schema.get("enum"):
        return listed[0]
    kind = str(schema.get("type", "string")).lower()
    if kind == "object":
        named = schema.get("properties", {}).items()
        return {name: _value(it, words, number, root) for name, it in named}
    if kind == "array":
        return [_value(schema.get("items", {}), words, number, root)]
    simple = {"integer": int(number or 0), "number": number or 0, "boolean": True}
    return simple.get(kind, words)


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference, and the first of several choices."""
    while "$ref" in schema or "anyOf" in schema:
        if "anyOf" in schema:
            schema = schema["anyOf"][0]
            continue
        found: Any = root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema
