"""The one place where settings become engine, Redis, clock and clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import orjson
from redis.asyncio import Redis
from structlog import get_logger

from cube_demper.core.clock import ScaledClock, SystemClock, clock_from
from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ConfigurationError, CubeError, Unreachable
from cube_demper.core.optional_redis import OptionalRedis
from cube_demper.core.settings import CubeApp, Settings, load_settings
from cube_demper.db.session import BrowserEvent, Database, is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.ai.model import LanguageModel
from cube_demper.domain.billing.hearing import Ear
from cube_demper.domain.billing.till import Till
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.proxies import service as proxies
from cube_demper.domain.stores import service as stores
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import CHANGES_WINDOW, LimitRules, Refill
from cube_demper.integrations.kaspi.orders_client import OrdersClient
from cube_demper.integrations.proxies.pool import EgressPool
from cube_demper.integrations.tiptoppay.client import TipTopPay
from cube_demper.integrations.tiptoppay.events import read_event
from cube_demper.integrations.tiptoppay.gateway import TipTopPayGateway

EVENTS_CHANNEL = "cube:events"
_CLOCK_TRIES = 3
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Services:
    """What every process of ours needs."""

    settings: Settings
    clock: SystemClock | ScaledClock
    secrets: SecretBox
    db: Database
    redis: Redis

    async def correct_clock(self) -> None:
        """Take the database's time. Raises Unreachable, ConfigurationError for a wrong DATABASE_URL."""
        try:
            for _ in range(_CLOCK_TRIES):
                asked_at = SystemClock.reading()
                now = await self.db.now()
                if not isinstance(self.clock, SystemClock) or self.clock.correct(now, asked_at):
                    return
        except Exception as error:
            text = f"база данных не отвечает ({type(error).__name__})"
            if is_gone(error):
                raise Unreachable(f"Postgres: {text}") from error
            raise ConfigurationError(f"DATABASE_URL: {text}") from error
        _log.warning("database_clock_too_slow")

    async def follow_database_clock(self) -> None:
        """Take the database's time once a minute, for as long as the process lives."""
        while True:
            await asyncio.sleep(60)
            try:
                await self.correct_clock()
            except CubeError as error:
                _log.warning("database_clock_unreachable", error=error.message)

    async def close(self) -> None:
        """Close connections."""
        await self.redis.aclose()
        await self.db.close()


def build_services(settings: Settings, *, name: str, pool_size: int = 10) -> Services:
    """Build the services from settings; nothing connects until it is used.

    Raises ConfigurationError when there is neither DATABASE_URL nor a running `cube up`.
    """
    database_url, redis_url = addresses(settings)
    redis: Redis = Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=2)

    # A lost event costs a page some freshness; it reads again by itself.
    told = OptionalRedis("browser_event_lost")

    async def publish(events: list[BrowserEvent]) -> None:
        pipe = redis.pipeline(transaction=False)
        for event in events:
            body = orjson.dumps([event.channel, event.kind, event.id])
            pipe.publish(EVENTS_CHANNEL, body)
        await told.call(pipe.execute)

    return Services(
        settings=settings,
        clock=clock_from(settings.clock),
        secrets=SecretBox(settings.keys),
        db=Database(database_url, publish=publish, pool_size=pool_size, name=name),
        redis=redis,
    )


@dataclass(frozen=True, slots=True)
class Kaspi:
    """The way to Kaspi: the client, the limits it obeys and the addresses it leaves from."""

    client: KaspiClient
    orders: OrdersClient
    limits: Limits
    egress: EgressPool

    async def close(self) -> None:
        """Close every connection."""
        await self.client.aclose()


async def build_kaspi(services: Services) -> Kaspi:
    """Build the Kaspi client with the limits that all processes share and the operator's proxies."""
    settings, clock = services.settings, services.clock

    async def refill() -> Refill:
        now = clock.now()
        async with services.db.read() as tx:
            sends = await pricing.recent_sends(tx, SYSTEM, now - CHANGES_WINDOW)
            bans = await stores.blocked_sends(tx, SYSTEM, now)
        return Refill(sends=sends, bans=bans)

    limits = Limits(
        services.redis,
        LimitRules.from_settings(settings.kaspi),
        clock,
        refill,
        instances=settings.worker.instance_count,
    )
    egress = EgressPool(await proxy_urls(services), clock=clock)
    return Kaspi(
        client=KaspiClient(settings.kaspi, limits, egress, clock),
        orders=OrdersClient(settings.kaspi, limits, egress, clock),
        limits=limits,
        egress=egress,
    )


def payment_ear(services: Services) -> Ear:
    """Return what reads TipTopPay's webhooks; a terminal in test mode pays for nothing in production."""
    return Ear(services.secrets, read_event, not services.settings.is_production)


def build_till(services: Services) -> Till:
    """Build the way to TipTopPay; its gateway is to be closed. Raises ConfigurationError without keys."""
    client = TipTopPay(TipTopPayGateway(services.settings.tiptoppay, services.clock))
    url, ear = services.settings.app_url(CubeApp.SELLER), payment_ear(services)
    return Till(services.db, client, ear, services.clock.now, url)


def build_model(services: Services) -> LanguageModel | None:
    """Build the way to Gemini, to be closed; None without a key."""
    if services.settings.gemini.api_key is None:
        return None
    from cube_demper.integrations.gemini.client import Gemini  # noqa: PLC0415 - 30 MB of Google's SDK

    return Gemini(services.settings.gemini, services.clock)


@asynccontextmanager
async def open_till(services: Services) -> AsyncIterator[Till]:
    """Open the way to TipTopPay while the block runs. Raises ConfigurationError without its keys."""
    till = build_till(services)
    try:
        yield till
    finally:
        await till.gateway.aclose()


async def proxy_urls(services: Services) -> list[str | None]:
    """Return the operator's proxies, or the machine's own address when there are none."""
    async with services.db.read() as tx:
        urls = await proxies.list_urls(tx, SYSTEM, services.secrets)
    return [*urls] or [None]


def addresses(settings: Settings) -> tuple[str, str]:
    """Return the addresses of Postgres and Redis: given ones, else those of the running `cube up`."""
    from cube_demper.embedded import attach  # noqa: PLC0415 - production has no embedded services

    if settings.database_url and settings.redis_url:
        return settings.database_url.get_secret_value(), settings.redis_url.get_secret_value()
    if settings.is_production:
        raise ConfigurationError("DATABASE_URL и REDIS_URL: в production нужны оба")
    running = attach(settings)
    return (
        settings.database_url.get_secret_value() if settings.database_url else running.database_url,
        settings.redis_url.get_secret_value() if settings.redis_url else running.redis_url,
    )


@cache
def web() -> Services:
    """Return the services of this web process, built at first use."""
    return build_services(load_settings(), name="web")
