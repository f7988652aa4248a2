"""A partner with 1,000,000 clicks, 20,000 sellers and 100,000 lines of account: what each page reads.

Brief of issue 7: pages that follow events read again on each, so none of it may count clicks anew. Of
each statement the plan's own time is printed too, to tell the database from the rest.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.settings import Settings
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.partners import lead_queries, links, people, reading
from cube_demper.embedded import Services as Servers
from tests.benchmarks._stage import print_table, servers

CLICKS, LEADS, CARDS, LINKS, RUNS = 1_000_000, 20_000, 50_000, 20, 5
_FILL = (
    """
    INSERT INTO partner_links (partner_id, code, campaign)
    SELECT :partner, 'L' || n, 'Место ' || n FROM generate_series(1, :links) n
    """,
    """
    INSERT INTO partner_clicks (partner_id, link_id, at, verdict, visitor_hash)
    SELECT :partner, k.id, now() - random() * interval '400 days',
        (ARRAY['counted','counted','counted','counted','bot','preview','repeat'])[1 + floor(random()*7)],
        decode(md5(n::text), 'hex')
    FROM generate_series(1, :clicks) n
    JOIN (SELECT id, row_number() OVER () - 1 AS place FROM partner_links WHERE partner_id = :partner) k
        ON k.place = n % (:links + 1)
    """,
    """
    INSERT INTO partner_click_days (partner_id, link_id, day, verdict, clicks)
    SELECT partner_id, link_id, (at AT TIME ZONE 'Asia/Almaty')::date, verdict, count(*)
    FROM partner_clicks WHERE partner_id = :partner GROUP BY 1, 2, 3, 4
    """,
    """
    INSERT INTO users (email, password_hash, full_name, referral_code, role, locale)
    SELECT 'lead' || n || '@example.kz', '-', 'Имя Фамилия', lpad(to_hex(n), 8, '0'), 'user', 'ru'
    FROM generate_series(1, :cards) n
    """,
    """
    INSERT INTO partner_leads (partner_id, user_id, link_id, way, signed_up_at, address_hash)
    SELECT :partner, u.id, k.id, 'link', now() - u.place * interval '20 minutes', ''
    FROM (SELECT id, row_number() OVER () AS place FROM users WHERE email LIKE 'lead%' LIMIT :leads) u
    JOIN (SELECT id, row_number() OVER () - 1 AS place FROM partner_links WHERE partner_id = :partner) k
        ON k.place = u.place % (:links + 1)
    """,
    """
    INSERT INTO partner_transactions (partner_id, lead_id, kind, status, amount, at, payment_id, base,
        percent, hold_until, note)
    SELECT :partner, l.id, 'commission', CASE WHEN n = 1 THEN 'held' ELSE 'released' END, 199980,
        l.signed_up_at + n * interval '1 day', gen_random_uuid(), 999900, 20, now() + interval '9 days', ''
    FROM partner_leads l, generate_series(1, 5) n WHERE l.partner_id = :partner
    """,
    """
    INSERT INTO payment_cards (user_id, token, token_hash, first_six, last_four, expires)
    SELECT id, '-', decode(md5(email), 'hex'), '440043', lpad((random()*9999)::int::text, 4, '0'),
        lpad((1 + floor(random()*12))::int::text, 2, '0') || '/' || (26 + floor(random()*6))::int
    FROM users WHERE email LIKE 'lead%'
    """,
    "ANALYZE",
)
_COUNTED_ANEW = """
    SELECT k.id, count(*) FROM partner_links k JOIN partner_clicks c ON c.link_id = k.id
    WHERE k.partner_id = :partner AND c.verdict = 'counted' GROUP BY k.id
"""


def main() -> None:
    """Run and print."""
    with servers() as running:
        asyncio.run(_measure(running))


async def _measure(running: Servers) -> None:
    settings = Settings(DATABASE_URL=running.database_url, REDIS_URL=running.redis_url)
    services = build_services(settings, name="bench")
    try:
        partner_id = await _fill(services)
        print_table(
            ("читает", "медиана, мс", "худшее, мс"),
            [await _time(services, *it) for it in _work(partner_id)],
        )
    finally:
        await services.close()


async def _fill(services: Services) -> UUID:
    now = services.clock.now()
    async with services.db.write() as tx:
        made = await people.create(
            tx, SYSTEM, email="big@example.kz", password="три слова подряд", now=now
        )
    given = {"partner": made, "links": LINKS, "clicks": CLICKS, "leads": LEADS, "cards": CARDS}
    for statement in _FILL:
        async with services.db.write() as tx:
            await tx.execute(text("SET LOCAL statement_timeout = 0"))
            names = {name: it for name, it in given.items() if f":{name}" in statement}
            await tx.execute(text(statement), names)
    return made


def _work(partner_id: UUID) -> list[tuple[str, Callable[[ReadTx, Any], Awaitable[Any]]]]:
    actor = Actor(Role.PARTNER, email="big@example.kz", partner_id=partner_id)

    async def card(tx: ReadTx, _now: Any) -> bool:
        user = await tx.scalar(text("SELECT user_id FROM payment_cards LIMIT 1"))
        return await lead_queries.is_card_shared(tx, partner_id, "big@example.kz", user)

    return [
        ("обзор, 30 дней", lambda tx, now: reading.report(tx, actor, 30, now)),
        ("обзор, год и год до него", lambda tx, now: reading.report(tx, actor, 365, now)),
        ("деньги", lambda tx, _now: reading.balance(tx, actor)),
        ("ссылки", lambda tx, _now: links.listing(tx, actor)),
        ("клиенты, первая страница", lambda tx, _now: reading.leads(tx, actor, "", 1)),
        ("клиенты на удержании", lambda tx, _now: reading.leads(tx, actor, "held", 1)),
        ("клиенты, последняя страница", lambda tx, _now: reading.leads(tx, actor, "", 400)),
        ("транзакции, первая страница", lambda tx, _now: reading.entries(tx, actor, "", 1)),
        ("чужая ли карта, 50 000 карт", card),
        (
            "для сравнения: клики заново",
            lambda tx, _now: tx.execute(text(_COUNTED_ANEW), {"partner": partner_id}),
        ),
    ]


async def _time(
    services: Services, name: str, read: Callable[[ReadTx, Any], Awaitable[Any]]
) -> tuple[str, str, str]:
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        async with services.db.read() as tx:
            await tx.execute(text("SET LOCAL statement_timeout = 0"))
            await read(tx, services.clock.now())
        taken.append((time.perf_counter() - began) * 1000)
    sys.stdout.flush()
    return name, f"{statistics.median(taken):.1f}", f"{max(taken):.1f}"


if __name__ == "__main__":
    main()
