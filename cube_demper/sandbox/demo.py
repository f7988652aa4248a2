"""`python -m cube_demper.sandbox.demo`: fills the product with the sandbox's two stores, once.

Through the product's own services, except for what only the sign-in worker will write: a store's row with its
cookies. What a seller changed afterwards is never touched again; dead cookies and a lapsed plan are renewed.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import aiohttp
from sqlmodel import col, func, select

from cube_demper.bootstrap import Kaspi, Services, build_kaspi, build_services
from cube_demper.core.errors import ConfigurationError, CredentialsRejected, CubeError
from cube_demper.core.logging import configure_logging
from cube_demper.core.settings import Settings, load_settings
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.errors import EmailTaken
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import TermsChange
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.catalog.sync import sync_store
from cube_demper.domain.orders import service as orders
from cube_demper.domain.proxies import service as proxies
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import BotSettings
from cube_demper.integrations.kaspi.cabinet import StoreCabinet
from cube_demper.integrations.kaspi.session import CabinetSession, from_playwright
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore
from cube_demper.sandbox import money_demo, partner_demo, support_demo
from cube_demper.sandbox.chance import roll

EMAIL, PASSWORD = "seller@example.kz", "demo-12345"
_CONSOLE, _FIRST_PROXY, _PROXIES = 13, 20, 8
_TENGE = 100
_SETTINGS = BotSettings(price_step=_TENGE, check_interval_minutes=1)
#: Every so many goods: no min. price at all, so that the page «почему бот не видит» has something to say.
_NO_MIN_EVERY = 55
_BOT_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A merchant of the sandbox and the cookies that open its cabinet."""

    uid: str
    name: str
    cookies: list[dict[str, Any]]


async def fill(services: Services) -> None:
    """Make the demo what it has to be; does nothing where it already is."""
    async with services.db.write() as tx:
        now = services.clock.now()
        actor = await _seller(tx, now)
        await _staff(tx, now)
        await proxies.import_proxies(tx, SYSTEM, _proxy_lines(services.settings), services.secrets)
        await partner_demo.fill(tx, services.secrets, PASSWORD, now)
        await money_demo.fill(tx, now)
        await support_demo.fill(tx, actor, now)
    kaspi = await build_kaspi(services)
    try:
        for store in await _demo_stores(services.settings):
            await _fill_store(services, kaspi, actor, store)
    finally:
        await kaspi.close()


async def _seller(tx: WriteTx, now: datetime) -> Actor:
    try:
        user_id = await accounts.create_user(
            tx, SYSTEM, email=EMAIL, password=PASSWORD, role=Role.USER, now=now
        )
    except EmailTaken:
        found = await tx.scalar(select(User.id).where(func.lower(User.email) == EMAIL))
        user_id = cast("UUID", found)
    plan = (await billing.entitlements(tx, SYSTEM, [user_id], now))[user_id]
    if not plan.can_reprice:
        await billing.start_trial(tx, SYSTEM, user_id, now)
    return Actor(Role.USER, user_id, EMAIL)


async def _staff(tx: WriteTx, now: datetime) -> None:
    """Make the admin and the support person, once."""
    for role, name in ((Role.ADMIN, "Ержан Касымов"), (Role.SUPPORT, "Алия Сапарова")):
        with suppress(EmailTaken):
            await accounts.create_user(
                tx,
                SYSTEM,
                email=f"{role}@example.kz",
                password=PASSWORD,
                role=role,
                now=now,
                full_name=name,
            )


def _proxy_lines(settings: Settings) -> list[str]:
    first = settings.port_base + _FIRST_PROXY
    return [f"http://127.0.0.1:{port}" for port in range(first, first + _PROXIES)]


async def _demo_stores(settings: Settings) -> list[DemoStore]:
    """Sign in to the sandbox's cabinet, as the sign-in worker will."""
    base = f"http://127.0.0.1:{settings.port_base + _CONSOLE}"
    try:
        async with aiohttp.ClientSession(base, raise_for_status=True) as http:
            async with http.get("/state") as answer:
                state = await answer.json()
            async with http.post("/sessions", json={"email": EMAIL}) as answer:
                cookies = await answer.json()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ConfigurationError(
            f"Песочница не отвечает на {base}: запустите python -m cube_demper.sandbox ({error})"
        ) from error
    return [DemoStore(store["uid"], store["name"], cookies) for store in state["stores"]]


async def _fill_store(services: Services, kaspi: Kaspi, actor: Actor, demo: DemoStore) -> None:
    async with services.db.write() as tx:
        store = await _store_row(tx, services, actor, demo)
    if not await _opens(services, kaspi, store):
        async with services.db.write() as tx:
            await _renew(tx, services, store.id, demo)
    if store.synced_at is None:
        session = CabinetSession.from_playwright(demo.uid, demo.cookies)
        cabinet = StoreCabinet(kaspi.client, session)
        await sync_store(services.db, SYSTEM, store.id, cabinet, services.clock.now())
    async with services.db.write() as tx:
        query = select(DempingSettings.id).where(col(DempingSettings.store_id) == store.id)
        if await tx.scalar(query) is None:
            await _set_terms(tx, actor, store.id, services.clock.now())
        if store.id not in await orders.tokens(tx, actor):
            await orders.fetch(tx, actor, store.id, services.clock.now())


async def _store_row(tx: WriteTx, services: Services, actor: Actor, demo: DemoStore) -> KaspiStore:
    found = await tx.scalar(select(KaspiStore).where(col(KaspiStore.merchant_id) == demo.uid))
    if found is not None:
        return found
    store = KaspiStore(
        user_id=actor.owner_id,
        merchant_id=demo.uid,
        name=demo.name,
        kaspi_email=EMAIL,
        guid=_guid(services, demo),
    )
    tx.add(store)
    await tx.flush()
    return store


def _guid(services: Services, demo: DemoStore) -> dict[str, Any]:
    """Build the stored sign-in of DESIGN §4."""
    return {
        "v": 1,
        "cookies": services.secrets.encrypt(json.dumps(demo.cookies)),
        "password": services.secrets.encrypt(PASSWORD),
        "email": EMAIL,
        "merchant_uid": demo.uid,
        "authenticated_at": services.clock.now().isoformat(),
    }


async def _opens(services: Services, kaspi: Kaspi, store: KaspiStore) -> bool:
    """Tell whether the stored cookies still open the cabinet."""
    if store.needs_reauth or not store.guid:
        return False
    try:
        cookies = from_playwright(json.loads(services.secrets.decrypt(store.guid["cookies"])))
        return store.merchant_id in await kaspi.client.who_am_i(cookies)
    except (CredentialsRejected, ConfigurationError):
        return False


async def _renew(tx: WriteTx, services: Services, store_id: UUID, demo: DemoStore) -> None:
    store = await tx.get_one(KaspiStore, store_id)
    store.guid = _guid(services, demo)
    store.needs_reauth, store.reauth_reason = False, None


async def _set_terms(tx: WriteTx, actor: Actor, store_id: UUID, now: datetime) -> None:
    """Give most goods bounds, switch most bots on, and let the store send by itself."""
    query = select(Product).where(col(Product.store_id) == store_id, col(Product.is_on_sale))
    goods = (await tx.scalars(query.order_by(col(Product.kaspi_sku)))).all()
    with_bot = []
    for number, product in enumerate(goods):
        if product.price is None or number % _NO_MIN_EVERY == 0:
            continue
        draw = roll("demo", product.kaspi_sku)
        await catalog.change_terms(tx, actor, product.id, _terms(product.price, draw.random()), now)
        if draw.random() < _BOT_SHARE:
            with_bot.append(product.id)
    await catalog.switch_bot(tx, actor, Selection(ids=tuple(with_bot)), on=True, now=now)
    await stores.change_bot_settings(tx, actor, store_id, _SETTINGS, now)
    await stores.set_mode(tx, actor, store_id, BotMode.AUTO, now)
    await stores.start_bot(tx, actor, [store_id], now)


def _terms(price: int, place: float) -> TermsChange:
    """Bounds around the window price: a floor 8–20 % under it (here and there 1 %), a cap over it."""
    is_tight = place < 0.06
    share = 0.99 if is_tight else 0.80 + 0.12 * place
    return TermsChange(
        min_price=int(price * share) // _TENGE * _TENGE,
        max_price=int(price * (1.05 + 0.10 * place)) // _TENGE * _TENGE,
    )


async def _run(settings: Settings) -> None:
    services = build_services(settings, name="demo")
    try:
        await services.correct_clock()
        await fill(services)
    finally:
        await services.close()


def main() -> int:
    """Run once; 1 says that the demo is not filled, 2 that the environment is wrong."""
    configure_logging("demo", as_json=not sys.stderr.isatty())
    try:
        settings = load_settings()
        _refuse_production(settings)
        asyncio.run(_run(settings))
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    except CubeError as error:
        sys.stderr.write(f"Демо не заполнено: {error.message}\n")
        return 1
    return 0


def _refuse_production(settings: Settings) -> None:
    if settings.is_production:
        raise ConfigurationError("CUBE_ENV: в production демо не заполняют")


if __name__ == "__main__":
    sys.exit(main())
