"""What the overview shows, as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from cube_demper.core.money import MINUS, NBSP, format_tenge
from cube_demper.domain.catalog.list_schemas import ProductTab
from cube_demper.domain.overview.schemas import Yesterday
from cube_demper.domain.pricing.proofs import StoreProof
from cube_demper.domain.stores.journal_schemas import LatestChange
from cube_demper.domain.stores.schemas import StoreStatus
from cube_demper.seller.pages.bot.proof import not_shown_words, usual_words
from cube_demper.seller.pages.bot.rows import summary_of
from cube_demper.seller.pages.bot.standing import spent_of
from cube_demper.seller.pages.overview.reading import Picture
from cube_demper.ui.format import ALMATY, clock_time, counted, iso, moment, number, signed_tenge


@dataclass
class Tiles:
    """The four numbers."""

    first: str = ""
    bots: str = ""
    first_more: str = ""
    first_tone: str = "gray"
    changes: str = ""
    changes_note: str = ""
    shift: str = ""
    shift_note: str = ""
    at_floor: str = ""


@dataclass
class DayFacts:
    """What the bots did since yesterday."""

    changes: str = ""
    won: str = ""
    guarded: str = ""


@dataclass
class Head:
    """The day, whether all is well, how many things wait."""

    day: str = ""
    summary: str = ""
    waiting: str = ""
    waiting_note: str = ""
    is_well: bool = False
    can_stop: bool = False
    read_at: str = ""
    of_store: str = ""
    """What links to goods carry on, so that the list counts what the number counts."""


@dataclass
class ChangeRow:
    """One entry of the timeline."""

    id: str = ""
    at: str = ""
    code: str = ""
    name: str = ""
    link: str = ""
    prices: str = ""
    where: str = ""
    words: str = ""
    status: str = ""


@dataclass
class BudgetRow:
    """How much of Kaspi's limit a store has used."""

    id: str = ""
    name: str = ""
    value: str = ""
    percent: int = 0
    tone: str = "blue"
    proof: str = ""
    proof_link: str = ""
    speed: str = ""
    is_slow: bool = False
    looked_at: str = ""


def head_of(picture: Picture, waiting: int) -> Head:
    """Say which day it is and whether all is well."""
    day = format_date(picture.now.astimezone(ALMATY), "EEEE, d MMMM", locale="ru")
    tasks = counted(waiting, "дело ждёт вас", "дела ждут вас", "дел ждут вас")
    silent = picture.status.stores and not picture.status.workers_alive
    return Head(
        day=day[:1].upper() + day[1:],
        summary="Обработчики не отвечают, цены стоят." if silent else summary_of(picture.status),
        waiting=f"{tasks}." if waiting else "",
        waiting_note=f"{counted(waiting, 'дело', 'дела', 'дел')}, самое срочное сверху",
        is_well=not waiting and not silent,
        read_at=iso(picture.now),
        of_store=f"&store={picture.store_id}" if picture.store_id else "",
        can_stop=any(it.store.is_enabled for it in picture.status.stores),
    )


def tiles_of(picture: Picture) -> Tiles:
    """Return the four numbers as text."""
    day, counts = picture.yesterday, picture.counts
    more = picture.more_first
    return Tiles(
        first=number(counts[ProductTab.FIRST]),
        bots=f"из {number(counts[ProductTab.BOT_ON])}",
        first_more=signed(more) if more else "",
        first_tone="green" if (more or 0) > 0 else "gray",
        changes=number(picture.day.changes),
        changes_note=changes_note(picture.day.changes, day),
        shift=signed_tenge(day.shift),
        shift_note=shift_note(day),
        at_floor=number(counts[ProductTab.AT_FLOOR]),
    )


def day_facts(picture: Picture) -> DayFacts:
    """Return what the bots did since yesterday."""
    day = picture.yesterday
    return DayFacts(number(picture.day.changes), number(day.won), number(day.guarded))


def changes_note(changes: int, day: Yesterday) -> str:
    """Say where prices went; a change of other cities alone leaves the home city's price."""
    elsewhere = changes - day.raised - day.lowered
    words = f"{number(day.raised)} вверх, {number(day.lowered)} вниз"
    return f"{words}, {number(elsewhere)} в других городах" if elsewhere > 0 else words


def shift_note(day: Yesterday) -> str:
    """Say of how many goods the sum is, so that it agrees with the number of changes."""
    if not day.moved:
        return "цены товаров не менялись"
    words = f"{number(day.cheaper)} дешевле, {number(day.dearer)} дороже"
    if day.returned:
        words += f", {number(day.returned)} как были"
    return f"{words}; {number(day.unseen)} ещё не на витрине" if day.unseen else words


def signed(count: int) -> str:
    """Show a difference of counts: «+18», «−3»."""
    return f"{'+' if count >= 0 else MINUS}{number(abs(count))}"


def change_row(change: LatestChange, now: datetime, *, names_store: bool = False) -> ChangeRow:
    """Return one change; the sign shows where the price went, a name where it is not plain."""
    old, new = change.old_price, change.new_price
    where = ", ".join(it for it in (change.store_name if names_store else "", change.city) if it)
    return ChangeRow(
        id=str(change.id),
        at=clock_time(change.at) if _is_today(change.at, now) else moment(change.at, now=now),
        code="hold" if old is None or new is None or old == new else _way(old, new),
        name=change.product_name,
        link=f"/products/{change.product_id}",
        prices=f"{format_tenge(old)} → {format_tenge(new)}",
        where=where,
        words=change.words,
        status=change.status,
    )


def _way(old: int, new: int) -> str:
    return "down" if new < old else "up"


def _is_today(at: datetime, now: datetime) -> bool:
    return at.astimezone(ALMATY).date() == now.astimezone(ALMATY).date()


def budget_row(status: StoreStatus, limit: int, proof: StoreProof | None = None) -> BudgetRow:
    """Return how much of Kaspi's 30-minute limit a store has used, and how soon prices are seen."""
    spent = spent_of(status, limit)
    return BudgetRow(
        id=str(status.store.id),
        name=status.store.name,
        value=spent.words,
        percent=spent.percent,
        tone=spent.tone,
        proof=_proof_words(proof) if proof else "",
        proof_link=f"/bot?store={status.store.id}#proof",
        speed=_speed(status),
        is_slow=status.speed_minutes is not None,
        looked_at=iso(status.last_look_at),
    )


def _speed(status: StoreStatus) -> str:
    if not status.is_working:
        return "сейчас не проверяет"
    minutes = status.speed_minutes
    if minutes is None:
        return f"проверяет раз в {status.store.check_interval_minutes}{NBSP}мин"
    return f"сейчас раз в {minutes}{NBSP}мин вместо {status.store.check_interval_minutes}"


def _proof_words(proof: StoreProof) -> str:
    count = len(proof.not_shown)
    missing = f", {not_shown_words(count)}" if count else ""
    return f"Цены на витрине: {usual_words(proof)}{missing}"
