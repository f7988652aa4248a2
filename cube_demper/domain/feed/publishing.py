"""Giving the file to whoever asks with its secret address: checked, taken, written row by row, noted.

A request goes through `open_file`, `offers` (read to the end), `check_whole`, then `delivered` once the
last byte has left. Whatever ends it earlier leaves its changes `sending`: a look decides what became of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.ids import token_hash
from cube_demper.db.session import Database, ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.feed import queries, rules
from cube_demper.domain.feed.errors import FeedNotFound, FeedRefused
from cube_demper.domain.feed.offers import as_offer
from cube_demper.domain.feed.schemas import Facts, FeedOffer, Problem, Refusal, RefusalCode
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.pricing import publishing
from cube_demper.domain.pricing.schemas import StoreTerms
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.feeding import FedStore
from cube_demper.models.feed import CatalogSource, FeedPull, PullOutcome, StoreFeed
from cube_demper.models.stores import Channel

_CHUNK = 1000
_MOST_TURNS = 200
"""Of the queue in one file: a hundred thousand changed products."""


@dataclass(frozen=True, slots=True)
class PriceLimits:
    """Kaspi's least price (tenge) and the greatest fall (percent): settings that terms need."""

    min_price_tenge: int
    max_fall_percent: int


@dataclass(slots=True)
class PriceFile:
    """One file in the making."""

    feed: StoreFeed
    store: FedStore
    terms: StoreTerms
    now: datetime
    user_agent: str
    sends: list[publishing.Taken] = field(default_factory=list)
    written: dict[UUID, dict[str, int | None]] = field(default_factory=dict)
    """What the file says of the products that have a change in it."""
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    @property
    def store_id(self) -> UUID:
        """Return the store's id."""
        return self.store.terms.id


async def open_file(
    db: Database, token: str, now: datetime, limits: PriceLimits, *, user_agent: str = ""
) -> PriceFile:
    """Begin a file: check that it may be given, and take what is queued.

    Raises FeedNotFound; FeedRefused, which the seller is told of.
    """
    async with db.read() as tx:
        feed = await queries.find_by_hash(tx, token_hash(token))
        if feed is None:
            raise FeedNotFound
        store = await stores.fed_store(tx, SYSTEM, feed.store_id, now)
        terms = store_terms(
            store.terms,
            min_price_tenge=limits.min_price_tenge,
            max_fall_percent=limits.max_fall_percent,
        )
        file = PriceFile(feed, store, terms, now, user_agent)
        on_sale = await queries.count_on_sale(tx, feed.store_id)
    refusal = rules.refusal_of(facts_of(store, feed, on_sale), now)
    if refusal:
        await _refuse(db, file, refusal)
    if store.is_ready:
        await _take_queue(db, file)
    return file


async def offers(db: Database, file: PriceFile) -> AsyncIterator[list[FeedOffer]]:
    """Write the whole assortment, a thousand products at a time, each checked as it is written."""
    changed = {send.product_id for send in file.sends}
    last = ""
    while True:
        async with db.read() as tx:
            rows = await queries.goods_after(tx, file.store_id, last, _CHUNK)
            prices = await publishing.standing_prices(
                tx, rows, file.store.terms, file.terms, is_ready=file.store.is_ready
            )
        found: list[FeedOffer] = []
        for row in rows:
            standing = prices[row.id]
            offer, problems = as_offer(row, standing, file.store.terms.merchant_id)
            file.problems += problems
            if offer is not None:
                found.append(offer)
                if row.id in changed:
                    file.written[row.id] = standing.by_city
        file.count += len(found)
        if found:
            yield found
        if len(rows) < _CHUNK:
            return
        last = rows[-1].kaspi_sku


async def check_whole(db: Database, file: PriceFile) -> None:
    """Look at what was written before anybody gets it. Raises FeedRefused; the changes wait on."""
    facts = facts_of(file.store, file.feed, file.count)
    if refusal := rules.refusal_of(facts, file.now):
        await _refuse(db, file, refusal)


async def delivered(
    db: Database, file: PriceFile, now: datetime, *, digest: str, is_unchanged: bool
) -> int:
    """The file has left whole: its changes are `sent`. Returns how many it carried."""
    async with db.write() as tx:
        changes = await publishing.settle_taken(tx, file.sends, file.written, file.store.terms, now)
        is_same = digest == file.feed.digest
        await queries.change_feed(
            tx,
            file.store_id,
            published_at=now,
            changed_at=file.feed.changed_at if is_same else file.now,
            digest=digest,
            published_count=file.count,
            refusal=None,
            refused_at=None,
            problems=[it.to_json() for it in file.problems[: queries.PROBLEMS_KEPT]],
            problem_count=len(file.problems),
        )
        outcome = PullOutcome.UNCHANGED if is_unchanged else PullOutcome.TAKEN
        await _note(tx, file, outcome, now, changes=changes)
    return changes


async def broken(db: Database, file: PriceFile, now: datetime) -> None:
    """The connection ended before the file did: nobody knows what Kaspi makes of it."""
    async with db.write() as tx:
        await _note(tx, file, PullOutcome.BROKEN, now)


async def tell_unpulled(tx: WriteTx, now: datetime) -> int:
    """Tell sellers whose changed prices wait because nobody has asked for the file; once a day."""
    told = 0
    for store_id, user_id, name, taken_at in await _unpulled(tx, now):
        last = (
            f"последний раз {taken_at.astimezone(ALMATY):%d.%m в %H:%M}" if taken_at else "ни разу"
        )
        tell = Tell(
            user_id=user_id,
            store_id=store_id,
            kind="feed_not_pulled",
            title=f"«{name}»: Kaspi не забирает прайс-лист",
            body=(
                f"Новые цены ждут больше 3 часов, файл забрали {last}. "
                "Проверьте адрес прайс-листа в кабинете Kaspi."
            ),
            link=f"/stores/feed?store={store_id}",
            dedupe_key=f"feed_not_pulled:{store_id}:{now.astimezone(ALMATY):%Y-%m-%d}",
        )
        told += await notifications.notify(tx, SYSTEM, tell)
    return told


def facts_of(store: FedStore, feed: StoreFeed, offers_: int) -> Facts:
    """Gather what decides whether the file may be given."""
    return Facts(
        is_owner_blocked=store.is_owner_blocked,
        is_active=store.is_active,
        is_feed=store.terms.channel is Channel.FEED,
        points=sum(bool(point["enabled"]) for point in store.terms.points),
        is_from_cabinet=feed.source == CatalogSource.CABINET,
        synced_at=store.synced_at,
        offers=offers_,
        published=feed.published_count,
    )


async def _unpulled(tx: ReadTx, now: datetime) -> list[tuple[UUID, UUID, str, datetime | None]]:
    return list(await queries.list_unpulled(tx, now - rules.UNPULLED_AFTER))


async def _take_queue(db: Database, file: PriceFile) -> None:
    for _ in range(_MOST_TURNS):
        async with db.write() as tx:
            taken, dropped = await publishing.take_queue(tx, file.store.terms, file.terms, file.now)
        file.sends += taken
        if not taken and not dropped:
            return


async def _refuse(db: Database, file: PriceFile, refusal: Refusal) -> None:
    """Note a refusal, give the changes back to the queue and tell the seller, once a day a reason."""
    store, now = file.store, file.now
    async with db.write() as tx:
        if file.sends:
            await publishing.give_back(tx, file.sends, store.terms)
        await queries.change_feed(tx, file.store_id, refusal=refusal.code, refused_at=now)
        await _note(tx, file, PullOutcome.REFUSED, now, note=refusal.text)
        if refusal.code != RefusalCode.OWNER_BLOCKED:
            await notifications.notify(tx, SYSTEM, _refusal_news(store, refusal, now))
    raise FeedRefused(refusal.text)


def _refusal_news(store: FedStore, refusal: Refusal, now: datetime) -> Tell:
    day = f"{now.astimezone(ALMATY):%Y-%m-%d}"
    return Tell(
        user_id=store.terms.user_id,
        store_id=store.terms.id,
        kind="feed_refused",
        title=f"«{store.name}»: прайс-лист не отдан",
        body=f"{refusal.text} Kaspi пока держит прежние цены и товары.",
        link=f"/stores/feed?store={store.terms.id}",
        dedupe_key=f"feed_refused:{store.terms.id}:{refusal.code}:{day}",
    )


async def _note(
    tx: WriteTx,
    file: PriceFile,
    outcome: PullOutcome,
    now: datetime,
    *,
    changes: int = 0,
    note: str | None = None,
) -> None:
    pull = FeedPull(
        store_id=file.store_id,
        at=now,
        outcome=outcome,
        offers=file.count,
        changes=changes,
        note=note,
        user_agent=file.user_agent[:200],
    )
    await queries.add_pull(tx, pull)
    tx.emit(f"user:{file.store.terms.user_id}", "store", file.store_id)
