"""`cube doctor` on a healthy database and on sick ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from dead_redis import dead_redis
from pydantic import SecretStr
from records import GUID, NOON, add_decision, add_product, add_store, add_user
from redis.asyncio import Redis
from sqlalchemy import text

from cube_demper.bootstrap import Services
from cube_demper.core.clock import ScaledClock
from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database, WriteTx
from cube_demper.doctor import Report, examine, render
from cube_demper.models.operations import OutboxMessage, Proxy, WorkerHeartbeat
from cube_demper.models.pricing import PriceStatus

_BOX = SecretBox(["key of the tests"])


@pytest.fixture
def doctored(db: Database, redis: Redis, redis_url: str, database_url: str) -> Services:
    """Services on the shared database, with a clock that stands at noon."""
    return Services(
        settings=Settings(
            DATABASE_URL=SecretStr(database_url),
            REDIS_URL=SecretStr(redis_url),
        ),
        clock=ScaledClock(NOON, 1e-9),
        secrets=_BOX,
        db=db,
        redis=redis,
    )


async def _healthy(tx: WriteTx) -> None:
    store = await add_store(
        tx, await add_user(tx), guid=GUID | {"cookies": _BOX.encrypt("[]")}, name="Тау Маркет"
    )
    product = await add_product(tx, store)
    await add_decision(tx, product, PriceStatus.CONFIRMED, sent_at=NOON)
    for index in range(2):
        tx.add(_beat(index))
    for number in range(8):
        url = _BOX.encrypt("http://127.0.0.1:1")
        tx.add(Proxy(label=f"p{number}", host="127.0.0.1", port=1, url=url))


def _beat(index: int, count: int = 2, *, name: str = "demping") -> WorkerHeartbeat:
    return WorkerHeartbeat(
        name=name,
        instance_index=index,
        instance_count=count,
        process=f"host:{index}",
        started_at=NOON,
        seen_at=NOON,
        pass_at=NOON,
    )


def _said(report: Report) -> list[str]:
    return [finding.text for finding in report.bad]


async def test_healthy_machine_gets_a_clean_report_and_exit_0(
    db: Database, doctored: Services
) -> None:
    async with db.write() as tx:
        await _healthy(tx)
    report = await examine(doctored)
    assert _said(report) == []
    assert report.exit_code == 0
    shown = render(report)
    assert "demping: живы все части, 2 из 2" in shown
    assert "Прокси: 8, нужно 8" in shown
    assert "Товаров с ботом: 1" in shown
    assert "10\u00a0000\u00a0₸ → 9\u00a0900\u00a0₸  confirmed  undercut" in shown
    assert shown.endswith("Всё в порядке.\n")


async def test_everything_wrong_is_named_and_the_exit_code_is_1(
    db: Database, doctored: Services
) -> None:
    async with db.write() as tx:
        user = await add_user(tx)
        await add_store(
            tx,
            user,
            name="Тау Маркет",
            guid=None,
            needs_reauth=True,
            reauth_reason="sms_required",
        )
        late = NOON - timedelta(minutes=20)
        product = await add_product(
            tx, await add_store(tx, user, guid=None, channel="feed"), next_check_at=late
        )
        await add_decision(tx, product, PriceStatus.SENDING, sent_at=late)
        await add_decision(tx, product, PriceStatus.UNKNOWN, sent_at=late)
        tx.add(OutboxMessage(topic="mail", key="1", next_try_at=late, last_error="SMTP молчит"))
        tx.add(_beat(0))
    report = await examine(doctored)
    assert report.exit_code == 1
    assert _said(report) == [
        "demping: нет частей 1 из 2",
        "Требуют входа в Kaspi: 1 из 2 магазинов",
        "Самый давний товар ждёт проверки 20 мин",
        "Застряли в отправке: 1",
        "Исход неизвестен дольше 15 минут: 1",
        "mail: 1, старшее ждёт 20 мин",
    ]
    shown = render(report)
    assert "Тау Маркет" in shown
    assert "нужен код из SMS" in shown
    assert "SMTP молчит" in shown
    assert "нужно 8, с этими выйдет 8" in shown


async def test_a_sign_in_that_nobody_renews_is_wrong_and_one_under_way_is_not(
    db: Database, doctored: Services
) -> None:
    kept = GUID | {"cookies": _BOX.encrypt("[]"), "password": _BOX.encrypt("secret")}
    async with db.write() as tx:
        await _healthy(tx)
        await add_store(tx, await add_user(tx), guid=kept, needs_reauth=True)
    (said,) = _said(await examine(doctored))
    assert "Ждут обновления входа: 1" in said
    assert "python -m workers logins" in said
    async with db.write() as tx:
        tx.add(_beat(0, 1, name="logins"))
    report = await examine(doctored)
    assert _said(report) == []
    assert "Вход обновляется сам: 1" in render(report)


async def test_no_worker_at_all_is_wrong(db: Database, doctored: Services) -> None:
    assert any("Ни один воркер демпинга" in said for said in _said(await examine(doctored)))


async def test_wrong_key_is_one_clear_line(db: Database, doctored: Services) -> None:
    async with db.write() as tx:
        await _healthy(tx)
    stranger = replace(doctored, secrets=SecretBox(["another key"]))
    with pytest.raises(ConfigurationError, match="Неверный SECRET_KEYS") as wrong:
        await examine(stranger)
    assert "\n" not in wrong.value.message


async def test_dead_redis_is_said_and_the_rest_is_still_examined(
    db: Database, doctored: Services
) -> None:
    async with db.write() as tx:
        await _healthy(tx)
    dead = replace(doctored, redis=dead_redis())
    (said,) = _said(await examine(dead))
    assert said.startswith("Redis не отвечает")


async def test_database_behind_the_migrations_is_said(
    doctored: Services, new_database: Callable[[], str]
) -> None:
    behind = Database(new_database(), name="tests")
    async with behind.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    report = await examine(replace(doctored, db=behind))
    async with behind.write() as tx:
        await tx.execute(text("DROP TABLE alembic_version"))
    bare = await examine(replace(doctored, db=behind))
    await behind.close()
    assert any("cube migrate" in said for said in _said(report))
    assert any("В базе ни одной" in said for said in _said(bare))
