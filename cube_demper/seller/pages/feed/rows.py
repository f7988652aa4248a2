"""What the page shows of a price list, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cube_demper.domain.feed.schemas import CardlessGoods, FeedView, ImportView, PullRow
from cube_demper.models.feed import CatalogSource, ImportStatus, PullOutcome
from cube_demper.models.stores import Channel
from cube_demper.ui.format import counted, iso, moment, number

_GOODS = ("товар", "товара", "товаров")
_PRICES = ("новая цена", "новые цены", "новых цен")
_OUTCOMES = {
    PullOutcome.TAKEN: ("Забрали", "green"),
    PullOutcome.UNCHANGED: ("Без изменений", "gray"),
    PullOutcome.REFUSED: ("Не отдали", "red"),
    PullOutcome.BROKEN: ("Связь оборвалась", "amber"),
}


@dataclass
class Pull:
    """One request for the file."""

    id: str
    at: str
    outcome: str
    tone: str
    goods: str
    note: str


@dataclass
class Remark:
    """What is wrong with one product or line."""

    id: str
    sku: str
    text: str
    tone: str


@dataclass
class Cardless:
    """A product without a card."""

    id: str
    name: str
    sku: str


@dataclass
class StoreFeedView:
    """A store's price list. `short`: «отдать всё равно» is offered for so many goods."""

    id: str = ""
    name: str = ""
    is_feed: bool = False
    has_address: bool = False
    rotated_at: str = ""
    has_session: bool = False
    summary: str = ""
    refusal: str = ""
    short: int = 0
    on_sale: int = 0
    goods: str = ""
    goods_note: str = ""
    waiting: str = ""
    taken_at: str = ""
    without_card: int = 0
    source: str = ""
    pulls: list[Pull] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    remarks_note: str = ""


@dataclass
class PointView:
    """A point of an uploaded list and the city that is chosen for it."""

    code: str
    city: str
    field: str


@dataclass
class ListView:
    """An uploaded list. `phase`: "", "ready", "queued", "done" or "failed"."""

    id: str = ""
    phase: str = ""
    file: str = ""
    merchant_id: str = ""
    merchant_name: str = ""
    is_known: bool = False
    points: list[PointView] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    confirm: str = ""
    note: str = ""
    store_id: str = ""
    remarks: list[Remark] = field(default_factory=list)
    remarks_note: str = ""


def feed_row(view: FeedView, now: datetime) -> StoreFeedView:
    """Put a store's price list into words."""
    refusal = view.refusal if view.channel is Channel.FEED else None
    is_short = refusal is not None and refusal.code == "short"
    return StoreFeedView(
        id=str(view.store_id),
        name=view.store_name,
        is_feed=view.channel is Channel.FEED,
        has_address=view.source is not None,
        rotated_at=iso(view.rotated_at),
        has_session=view.has_session,
        summary=_summary(view),
        refusal=refusal.text if refusal else "",
        short=view.on_sale if is_short else 0,
        on_sale=view.on_sale,
        goods=number(view.on_sale),
        goods_note=f"в последнем файле {number(view.published_count)}" if view.published_at else "",
        waiting=number(view.waiting),
        taken_at=iso(view.published_at),
        without_card=view.without_card,
        source=_source(view),
        pulls=[_pull(it, index, now) for index, it in enumerate(view.pulls)],
        remarks=_remarks(view.problems),
        remarks_note=_more(view.problem_count, len(view.problems)),
    )


def list_row(view: ImportView) -> ListView:
    """Put an uploaded list into words."""
    is_known = view.store_id is not None
    return ListView(
        id=str(view.id),
        phase=view.status,
        file=view.file_name,
        merchant_id=view.merchant_id,
        merchant_name=view.merchant_name,
        is_known=is_known,
        points=[
            PointView(str(it["name"]), str(it["cityId"]), f"city_{it['name']}")
            for it in view.points
        ],
        numbers=list(_numbers(view)),
        confirm=_confirm(view),
        note=_outcome(view),
        store_id=str(view.store_id or ""),
        remarks=_remarks(view.problems),
        remarks_note=_more(view.problem_count, len(view.problems)),
    )


def cardless_row(goods: CardlessGoods) -> Cardless:
    """Put a product without a card into a line."""
    return Cardless(str(goods.id), goods.name, goods.sku)


def _summary(view: FeedView) -> str:
    if view.channel is Channel.CABINET:
        return f"«{view.store_name}» отправляет цены через кабинет."
    goods = counted(view.on_sale, *_GOODS)
    return f"«{view.store_name}» отправляет цены прайс-листом: {goods} в продаже."


def _source(view: FeedView) -> str:
    when = moment(view.synced_at) if view.synced_at else "ещё не читали"
    if view.source is CatalogSource.LIST:
        return f"Каталог из вашего файла, {when}"
    return f"Каталог из кабинета, {when}"


def _pull(row: PullRow, index: int, now: datetime) -> Pull:
    word, tone = _OUTCOMES[row.outcome]
    changes = counted(row.changes, *_PRICES) if row.changes else ""
    return Pull(
        id=str(index),
        at=moment(row.at, now=now),
        outcome=word,
        tone=tone,
        goods=number(row.offers) if row.offers else "—",
        note=row.note or changes,
    )


def _remarks(problems: Sequence[Mapping[str, Any]]) -> list[Remark]:
    rows = []
    for index, it in enumerate(problems):
        place = f"строка {it['line']}" if it["line"] else ""
        sku = it["sku"] or place
        rows.append(Remark(str(index), sku, it["text"], "red" if it["is_left_out"] else "amber"))
    return rows


def _more(count: int, shown: int) -> str:
    return f"Показаны первые {shown} из {number(count)}." if count > shown else ""


def _numbers(view: ImportView) -> list[tuple[str, str]]:
    pairs = [("Товаров в файле", number(view.total))]
    if view.store_id is not None:
        pairs.append(("Появится в продаже", number(view.added)))
        pairs.append(("Снимется с продажи", number(view.removed)))
    if view.problem_count:
        pairs.append(("Строк с ошибками, не попадут", number(view.problem_count)))
    return pairs


def _confirm(view: ImportView) -> str:
    goods = counted(view.total, *_GOODS)
    return f"Обновить: {goods}" if view.store_id else f"Подключить: {goods}"


def _outcome(view: ImportView) -> str:
    if view.status is ImportStatus.DONE:
        words = f"Загружено: {counted(view.total, *_GOODS)}, новых {number(view.added)}"
        return f"{words}, снято с продажи {number(view.removed)}."
    return view.note
