"""What a store's card says, as text: the browser formats nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.domain.feed.schemas import FeedBrief
from cube_demper.domain.orders.schemas import TokenView
from cube_demper.domain.orders.switching import PollView
from cube_demper.domain.stores.card_schemas import RemovalForecast, StoreCard
from cube_demper.domain.stores.schemas import StoreBot
from cube_demper.models.feed import CatalogSource
from cube_demper.models.stores import Channel, ReauthReason
from cube_demper.models.syncing import SyncState
from cube_demper.seller.pages.bot.standing import why_idle
from cube_demper.seller.pages.stores.feed_rows import FeedLine, feed_line
from cube_demper.seller.pages.stores.reading_rows import ReadingRow, reading_row
from cube_demper.seller.pages.stores.token_rows import TokenRow, token_row
from cube_demper.ui.format import counted, iso, moment, number

GOODS = ("товар", "товара", "товаров")
REAUTH_WORDS = {
    ReauthReason.SMS_REQUIRED: "Kaspi просит код из SMS",
    ReauthReason.INVALID_CREDENTIALS: "Kaspi не принял сохранённый пароль",
    ReauthReason.CREDENTIALS_MISSING: "Вход истёк, а пароль не сохранён",
}


@dataclass
class SyncView:
    """The catalogue's last run. `state`: "", live, done, failed or cancelled."""

    state: str = ""
    words: str = ""
    percent: int = 0
    result: str = ""
    trouble: str = ""


@dataclass
class CardView:
    """One store. `status`: a code of `ui.statuses`; `sign_in_tone` colours the words on the sign-in."""

    id: str = ""
    name: str = ""
    merchant: str = ""
    status: str = ""
    goods: str = ""
    on_sale: str = ""
    bots: str = ""
    places: str = ""
    channel: str = ""
    sign_in: str = ""
    sign_in_tone: str = "gray"
    needs_sign_in: bool = False
    keeps_password: bool = False
    is_feed: bool = False
    can_sync: bool = False
    synced_at: str = ""
    is_from_list: bool = False
    sync: SyncView = field(default_factory=SyncView)
    token: TokenRow = field(default_factory=TokenRow)
    reading: ReadingRow = field(default_factory=ReadingRow)
    feed: FeedLine = field(default_factory=FeedLine)


@dataclass
class Totals:
    """Numbers over all stores, as text."""

    summary: str = ""
    goods: str = "0"
    on_sale: str = ""
    bots: str = "0"
    needing: int = 0


@dataclass
class Removal:
    """What is asked before a store is removed."""

    store_id: str = ""
    title: str = ""
    numbers: list[tuple[str, str]] = field(default_factory=list)


def card_view(
    card: StoreCard,
    token: TokenView | None,
    feed: FeedBrief | None,
    now: datetime,
    *,
    reading: PollView | None = None,
) -> CardView:
    """Put one store into words."""
    bot = card.bot
    lives_by_list = _lives_by_list(card, feed)
    words, tone = _sign_in(card, lives_by_list=lives_by_list)
    return CardView(
        id=str(bot.id),
        name=bot.name,
        merchant=bot.merchant_id,
        status=_status(card, now),
        goods=number(card.shelf.goods),
        on_sale=number(card.shelf.on_sale),
        bots=number(card.shelf.bots),
        places=_places(card),
        channel="Прайс-лист" if bot.channel is Channel.FEED else "Кабинет Kaspi",
        sign_in=words,
        sign_in_tone=tone,
        needs_sign_in=not lives_by_list and _needs_sign_in(bot),
        keeps_password=card.keeps_password,
        is_feed=bot.channel is Channel.FEED,
        can_sync=bot.has_session and not bot.needs_reauth,
        synced_at=iso(bot.synced_at),
        is_from_list=lives_by_list,
        sync=sync_view(card.sync),
        token=token_row(token),
        reading=reading_row(reading),
        feed=feed_line(feed, now),
    )


def sync_view(run: SyncRun | None) -> SyncView:
    """Put the last run into words."""
    if run is None:
        return SyncView()
    done = min(100, 100 * run.goods_read // run.total) if run.total else 0
    if run.is_live:
        return SyncView("live", _progress(run), done, trouble=run.trouble)
    state = run.state.value
    return SyncView(state, "", done, _result(run), run.trouble)


def totals(cards: list[StoreCard]) -> Totals:
    """Sum up all stores."""
    needing = sum(card.bot.needs_reauth and not card.bot.is_refreshing for card in cards)
    on_sale = sum(card.shelf.on_sale for card in cards)
    words = counted(len(cards), "магазин", "магазина", "магазинов")
    if needing:
        words += f" · {counted(needing, 'ждёт', 'ждут', 'ждут')} входа в Kaspi"
    return Totals(
        summary=words,
        goods=number(sum(card.shelf.goods for card in cards)),
        on_sale=f"{number(on_sale)} в продаже",
        bots=number(sum(card.shelf.bots for card in cards)),
        needing=needing,
    )


def removal_of(store_id: str, forecast: RemovalForecast, orders: int) -> Removal:
    """Say in numbers what removing a store deletes."""
    shelf = forecast.shelf
    lines = [
        ("Товаров с их границами и ценами", number(shelf.goods)),
        ("Из них с ботом", number(shelf.bots)),
        ("Записей в истории цен", number(forecast.decisions)),
    ]
    if orders:
        lines.append(("Заказов вместе с их сверкой", number(orders)))
    if forecast.queued:
        lines.append(("Цен снимем с очереди", number(forecast.queued)))
    if forecast.sending:
        lines.append(("Уже уходят в Kaspi, их не отозвать", number(forecast.sending)))
    kept = "Вход и пароль от Kaspi" if forecast.has_password else "Вход в Kaspi"
    return Removal(store_id, f"Отключить «{forecast.name}»?", [*lines, (kept, "сотрём сразу")])


def _needs_sign_in(bot: StoreBot) -> bool:
    is_out = bot.needs_reauth or not bot.has_session
    return is_out and not bot.is_refreshing


def _status(card: StoreCard, now: datetime) -> str:
    bot = card.bot
    if idle := why_idle(bot):
        return idle
    if bot.sends_blocked_until and bot.sends_blocked_until > now:
        return "banned"
    return str(bot.mode)


def _lives_by_list(card: StoreCard, feed: FeedBrief | None) -> bool:
    """Tell that a store needs no sign-in at all: its goods and its prices both go by a price list."""
    is_fed = feed is not None and feed.is_used and feed.source is CatalogSource.LIST
    return is_fed and not card.bot.has_session


def _sign_in(card: StoreCard, *, lives_by_list: bool) -> tuple[str, str]:
    bot = card.bot
    if lives_by_list:
        return "Не нужен: есть прайс-лист", "green"
    if not bot.has_session:
        return "Входа ещё не было", "amber"
    if bot.is_refreshing:
        return "Обновляем сами: пароль сохранён", "blue"
    if bot.needs_reauth:
        reason = REAUTH_WORDS.get(bot.reauth_reason) if bot.reauth_reason else None
        return reason or "Нужно войти заново", "red"
    kept = "пароль сохранён" if card.keeps_password else "пароль не хранится"
    since = f" с {moment(card.signed_in_at)}" if card.signed_in_at else ""
    return f"Работает{since}, {kept}", "green"


def _places(card: StoreCard) -> str:
    if not card.points:
        return "ещё не прочитаны"
    cities = counted(card.cities, "городе", "городах", "городах")
    return f"{counted(card.points, 'точка', 'точки', 'точек')} в {cities}"


def _progress(run: SyncRun) -> str:
    if run.state is SyncState.QUEUED and not run.goods_read:
        return "Ждём очереди…"
    if run.is_list_read:
        return "Проверяем, что снято с продажи…"
    if run.total is None:
        return "Читаем точки продаж…"
    return f"Прочитано {number(run.goods_read)} из {counted(run.total, *GOODS)}"


def _result(run: SyncRun) -> str:
    parts = [
        counted(run.added, "новый", "новых", "новых") if run.added else "",
        counted(run.changed, "изменился", "изменилось", "изменилось") if run.changed else "",
        counted(run.removed, "снят", "снято", "снято") + " с продажи" if run.removed else "",
    ]
    told = ", ".join(part for part in parts if part)
    if run.state is SyncState.DONE and run.total == 0 and not told:
        return "В кабинете нет товаров в продаже"
    if run.state is SyncState.DONE:
        return told or "Без изменений"
    return told
