"""The order of the examination. A database that was never migrated ends it early."""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.doctor import (
    appendix,
    ground,
    law,
    model,
    money,
    orders,
    payments,
    rates,
    whatsapp,
    work,
)
from cube_demper.doctor.report import Report, Section


async def examine(services: Services) -> Report:
    """Look at everything once.

    Raises ConfigurationError when SECRET_KEYS cannot open what is stored.
    """
    now = services.clock.now()
    async with services.db.read() as tx:
        sections = [
            Section("База данных", await ground.look_at_database(tx)),
            Section("Redis", await ground.look_at_redis(services)),
            Section("Миграции", await ground.look_at_migrations(tx)),
            Section("Часы", await ground.look_at_clock(services)),
        ]
        if not await ground.current_revisions(tx):
            return Report(tuple(sections))
        sections += [
            Section("Ключи", await ground.look_at_secrets(services, tx)),
            Section("Воркеры", await work.look_at_workers(services, tx, now)),
            Section("Магазины", await work.look_at_stores(services, tx, now)),
            Section("Товары: почему бот их не ведёт", await work.look_at_goods(tx, now)),
            Section("Отправки", await work.look_at_sends(tx, now)),
            Section("Заказы", await orders.look_at_orders(tx, now)),
            Section("Ставки", await rates.look_at_rates(tx, now)),
            Section("WhatsApp", await whatsapp.look_at_whatsapp(services, tx)),
            Section("ИИ-сотрудники", await model.look_at_model(services)),
            Section("Законы", await law.look_at_law(tx)),
            Section("Деньги", await money.look_at_money(services, tx, now)),
            Section("Оплата картой", await payments.look_at_payments(services, tx, now)),
            Section("Отложенные дела", await work.look_at_outbox(tx, now)),
            Section("Прокси", await work.look_at_proxies(tx, services.settings.kaspi)),
            Section("Запросы из SPEC", await appendix.ask_all(tx)),
        ]
    return Report(tuple(sections))
