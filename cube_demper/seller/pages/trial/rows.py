"""What the trial's page shows, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cube_demper.core.money import format_tenge, to_tenge
from cube_demper.domain.stores.schemas import StoreBot
from cube_demper.domain.trial.schemas import Candidate, Choice, FloorSource, Suggestion
from cube_demper.models.stores import BotMode
from cube_demper.seller.pages.trial.reading import Picture
from cube_demper.ui.format import counted, iso, number, percent

#: Percent; below it a change is told in tenge: «−0 %» says nothing.
_SMALLEST_SHARE = 0.1
_GOODS = ("товар", "товара", "товаров")
_PRICES = ("цену", "цены", "цен")
_SOURCES = {
    FloorSource.OWN: "ваша мин. цена",
    FloorSource.COST: "себестоимость и прибыль",
    FloorSource.PRICE: "на 10\u00a0% ниже нынешней: себестоимости мы не знаем",
}
_PLACES = {
    "first": "вы первые",
    "behind": "есть дешевле",
    "unknown": "",
}


_BEGINS = {
    BotMode.SUGGEST: "Бот начнёт советовать, в Kaspi без вас ничего не уйдёт.",
    BotMode.AUTO: "Магазин в режиме «Сам меняет цены»: бот сразу поведёт эти товары.",
}


@dataclass
class CandidateRow:
    """One product that the trial may begin with."""

    id: str = ""
    name: str = ""
    image_url: str = ""
    price: str = ""
    market: str = ""
    floor: str = ""
    floor_note: str = ""


@dataclass
class SuggestionRow:
    """One suggested price."""

    id: str = ""
    name: str = ""
    link: str = ""
    image_url: str = ""
    new_price: str = ""
    old_price: str = ""
    change: str = ""
    code: str = "down"
    why: str = ""
    at: str = ""


@dataclass
class Head:
    """The store on trial, and how far it is. `stage`: choose, suggest or trusted."""

    store_id: str = ""
    store: str = ""
    stage: str = ""
    summary: str = ""
    bots: str = ""
    can_begin: bool = False
    what_begins: str = ""
    looking: str = ""
    stopped: bool = False


@dataclass
class ApplyQuestion:
    """What applying all suggestions does, in numbers."""

    title: str = ""
    numbers: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


def head_of(picture: Picture) -> Head:
    """Say where the trial of the store stands."""
    store, choice = picture.store, picture.choice
    if store is None:
        return Head()
    stage = "choose" if not choice.bots else "suggest"
    if store.mode is BotMode.AUTO and choice.bots:
        stage = "trusted"
    return Head(
        store_id=str(store.id),
        store=store.name,
        stage=stage,
        summary=_summary(store, stage, choice),
        bots=counted(choice.bots, *_GOODS),
        can_begin=bool(choice.candidates),
        what_begins=_BEGINS[BotMode(store.mode)],
        looking=_looking(choice),
        stopped=bool(choice.bots) and not store.is_enabled,
    )


def _summary(store: StoreBot, stage: str, choice: Choice) -> str:
    goods = counted(choice.bots, *_GOODS)
    if stage == "choose":
        return f"«{store.name}»: начнём с нескольких товаров. {_BEGINS[BotMode(store.mode)]}"
    if stage == "trusted":
        return f"«{store.name}»: бот сам ведёт {goods} в ваших границах."
    return f"«{store.name}»: бот советует по {_for(choice.bots)}, цены меняете вы."


def _for(count: int) -> str:
    return counted(count, "товару", "товарам", "товарам")


def _looking(choice: Choice) -> str:
    if not choice.is_looking:
        return ""
    return f"Смотрим конкурентов: {number(choice.looked)} из {_of(choice.shortlist)}"


def _of(count: int) -> str:
    return counted(count, "товара", "товаров", "товаров")


def candidate_row(candidate: Candidate) -> CandidateRow:
    """Return one candidate with the floor that is proposed."""
    good, around = candidate.good, candidate.around
    words = [counted(around.rivals, "конкурент", "конкурента", "конкурентов")]
    if around.cheapest is not None:
        words.append(f"лучший {format_tenge(around.cheapest)}")
    if place := _PLACES[candidate.place]:
        words.append(place)
    return CandidateRow(
        id=str(good.id),
        name=good.name,
        image_url=good.image_url or "",
        price=format_tenge(around.own_price or good.price),
        market=", ".join(words),
        floor=f"{to_tenge(candidate.floor):f}".split(".", 1)[0],
        floor_note=_SOURCES[candidate.floor_source],
    )


def suggestion_row(it: Suggestion) -> SuggestionRow:
    """Return one suggestion: the price, what it replaces, why."""
    share = abs(it.new_price - it.old_price) * 100 / it.old_price if it.old_price else None
    is_fall = it.new_price < it.old_price
    size = format_tenge(abs(it.new_price - it.old_price))
    if share is not None and share >= _SMALLEST_SHARE:
        size = percent(share)
    change = f"{'−' if is_fall else '+'}{size}"
    return SuggestionRow(
        id=str(it.id),
        name=it.name,
        link=f"/products/{it.product_id}",
        image_url=it.image_url or "",
        new_price=format_tenge(it.new_price),
        old_price=format_tenge(it.old_price),
        change=change,
        code="down" if is_fall else "up",
        why=it.why,
        at=iso(it.at),
    )


def question_of(shown: Sequence[Suggestion]) -> ApplyQuestion:
    """Say what applying all that is shown does."""
    falls = [it.old_price - it.new_price for it in shown if it.new_price < it.old_price]
    rises = [it.new_price - it.old_price for it in shown if it.new_price > it.old_price]
    numbers = []
    if falls:
        most = format_tenge(max(falls))
        numbers.append(("Снизим", f"{counted(len(falls), *_PRICES)}, самое большее на {most}"))
    if rises:
        most = format_tenge(max(rises))
        numbers.append(("Поднимем", f"{counted(len(rises), *_PRICES)}, самое большее на {most}"))
    return ApplyQuestion(
        title=f"Отправить в Kaspi {counted(len(shown), *_PRICES)}?",
        numbers=numbers,
        ids=[str(it.id) for it in shown],
    )
