"""The send gate's queue: 100,000 scheduled messages of 2,000 numbers, claimed by two workers at once.

Issue 6: a batch in <= 20 ms. A claim takes numbers that are due, 40 at a time; a choice finds the message
that a number says next, with its order, text and reasons. The first claim of each of the two workers
opens its connection and prepares its statements, once in a process's life: it is a row of its own. What
was taken is given back between the rounds, so there are enough claims for a 95 %.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from datetime import timedelta

from sqlalchemy import update

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.settings import Settings
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging import holding, turns
from cube_demper.domain.messaging.holding import Turn
from cube_demper.embedded import Services as Servers
from cube_demper.embedded.services import DATABASE
from cube_demper.models.messaging import WhatsAppSession
from tests.benchmarks._stage import print_table, servers

MESSAGES, NUMBERS, BATCH, CLAIMS, ROUNDS = 100_000, 2_000, 40, 20, 6
HEAD = ("", "median ms", "95 % ms", "required", "how many")

_FILL = """
INSERT INTO users (id, email, password_hash, full_name, role, locale, referral_code)
SELECT md5('user' || n)::uuid, 'user' || n || '@example.kz', '-', 'Продавец', 'user', 'ru',
    lpad(n::text, 8, '0')
FROM generate_series(1, {numbers}) AS n;
INSERT INTO whatsapp_settings (user_id, consented_at) SELECT id, now() FROM users;
INSERT INTO whatsapp_sessions (id, user_id, name, status, linked_at, is_warm, next_at, quiet_start, quiet_end)
SELECT md5('number' || n)::uuid, md5('user' || n)::uuid, 'n' || n, 'WORKING', now(), true, now(),
    ((now() + interval '10 hours') AT TIME ZONE 'Asia/Almaty')::time,
    ((now() + interval '11 hours') AT TIME ZONE 'Asia/Almaty')::time
FROM generate_series(1, {numbers}) AS n;
INSERT INTO whatsapp_contacts (id, user_id, phone, phone_hash)
SELECT md5('person' || n)::uuid, md5('user' || n % {numbers} + 1)::uuid, '{phone}',
    decode(md5('p' || n), 'hex')
FROM generate_series(1, {messages}) AS n;
INSERT INTO scheduled_messages (
    user_id, session_id, contact_id, kind, priority, body, dedupe_key, scheduled_at
)
SELECT md5('user' || n % {numbers} + 1)::uuid, md5('number' || n % {numbers} + 1)::uuid,
    md5('person' || n)::uuid, k.kind, k.priority, '{body}', 'k' || n,
    now() + (n % 7 - 3) * interval '1 hour'
FROM generate_series(1, {messages}) AS n
JOIN (VALUES (0, 'order', 30), (1, 'review', 40), (2, 'broadcast', 60)) AS k (id, kind, priority)
    ON k.id = n % 3;
"""


def main() -> None:
    """Fill, claim, choose, print."""
    with servers() as running:
        settings = Settings(DATABASE_URL=running.database_url, REDIS_URL=running.redis_url)
        services = build_services(settings, name="bench")
        started = time.perf_counter()
        _fill(running, services)
        sys.stdout.write(
            f"{MESSAGES:,} messages of {NUMBERS:,} numbers, filled in "
            f"{time.perf_counter() - started:.0f} s; load of this machine {os.getloadavg()[0]:.1f}\n"
        )
        print_table(HEAD, asyncio.run(_measure(services)))


def _fill(running: Servers, services: Services) -> None:
    sealed = {
        "phone": services.secrets.encrypt("+77010000001"),
        "body": services.secrets.encrypt("Скидки до пятницы"),
    }
    sql = _FILL.format(numbers=NUMBERS, messages=MESSAGES, **sealed)
    for statement in sql.split(";\n"):
        if statement.strip():
            running.postgres.run_sql(statement, DATABASE)
    running.postgres.run_sql("VACUUM ANALYZE", DATABASE)


async def _measure(services: Services) -> list[tuple[str, ...]]:
    """Claim with two shards at once; then let each number taken choose what it says."""
    shards = [[key for key in range(1024) if key % 2 == index] for index in range(2)]
    taken: list[Turn] = []
    claims: list[float] = []

    async def claim(keys: list[int], times: int = CLAIMS) -> None:
        for _ in range(times):
            started = time.perf_counter()
            async with services.db.write() as tx:
                now = services.clock.now()
                taken.extend(
                    await holding.claim(
                        tx, SYSTEM, keys, now, secrets=services.secrets, limit=BATCH
                    )
                )
            claims.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(claim(keys, 1) for keys in shards))
    first, claims = claims, []
    for _ in range(ROUNDS):
        taken.clear()
        async with services.db.write() as tx:
            await tx.execute(update(WhatsAppSession).values(claim=None, claimed_until=None))
        await asyncio.gather(*(claim(keys) for keys in shards))
    choices: list[float] = []
    for turn in taken[:400]:
        started = time.perf_counter()
        async with services.db.write() as tx:
            now = services.clock.now() + timedelta(milliseconds=1)
            await turns.pick(tx, turn, now, secrets=services.secrets)
        choices.append((time.perf_counter() - started) * 1000)
    await services.close()
    return [
        _row("the first batch of a process", first, "", len(first)),
        _row("a batch claimed, two shards at once", claims, "≤ 20", len(claims)),
        _row("one message chosen", choices, "", len(choices)),
    ]


def _row(words: str, times: list[float], required: str, count: int) -> tuple[str, ...]:
    highest = statistics.quantiles(times, n=20)[-1]
    return words, f"{statistics.median(times):.1f}", f"{highest:.1f}", required, f"{count:,}"
