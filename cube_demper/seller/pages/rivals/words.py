"""Behaviours and delays as sellers read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cube_demper.core.money import NBSP
from cube_demper.domain.market.rivals.schemas import Behaviour, Delay
from cube_demper.ui.statuses import Tone


@dataclass(frozen=True, slots=True)
class BehaviourWord:
    """How a behaviour is shown: its word in a row, as a tab, colour and sign."""

    word: str
    tab: str
    tone: Tone
    icon: str


BEHAVIOURS: Mapping[Behaviour, BehaviourWord] = {
    Behaviour.BOT: BehaviourWord("Похоже, бот", "Боты", "blue", "bot"),
    Behaviour.HUMAN: BehaviourWord("Меняет руками", "Руками", "green", "hand"),
    Behaviour.CLEARANCE: BehaviourWord("Распродаёт", "Распродажа", "amber", "trending-down"),
    Behaviour.STANDS: BehaviourWord("Не меняет цены", "Стоят", "gray", "equal"),
    Behaviour.GONE: BehaviourWord("Ушёл", "Ушли", "gray", "log-out"),
    Behaviour.UNCLEAR: BehaviourWord("Пока неясно", "Неясно", "gray", "circle-help"),
}

SORT_WORDS: Mapping[str, str] = {
    "-goods": "Чаще всего рядом",
    "-share": "Чаще отвечают",
    "delay": "Быстрее отвечают",
    "-ahead": "Чаще впереди",
    "deep": "Глубже опускаются",
    "-moves": "Чаще меняют цены",
    "name": "По названию",
}

DELAY_LABELS = ("до 1 мин", "1–3", "3–5", "5–15", "15–30", "30–60", "1–2 ч")


def minutes(seconds: int) -> str:
    """Show a length of time in one unit: «40 с», «3 мин», «1,5 ч»."""
    if seconds < 90:
        return f"{seconds}{NBSP}с"
    if seconds < 5400:
        return f"{round(seconds / 60)}{NBSP}мин"
    tenths = round(seconds / 360)
    whole, tenth = divmod(tenths, 10)
    return f"{whole}{f',{tenth}' if tenth else ''}{NBSP}ч"


def delay_words(delay: Delay | None) -> str:
    """Show the median between its bounds: «2–4 мин»; one figure where both read alike."""
    if delay is None:
        return "—"
    soonest, latest = minutes(delay.median_from), minutes(delay.median_to)
    if soonest == latest:
        return latest
    unit = soonest.partition(NBSP)[2]
    if unit == latest.partition(NBSP)[2]:
        return f"{soonest.partition(NBSP)[0]}–{latest}"
    return f"{soonest} – {latest}"
