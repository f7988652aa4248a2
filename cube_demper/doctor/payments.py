"""Payments by card: whether TipTopPay's keys are there and open its door, and where it sends its webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta

from cube_demper.bootstrap import Services, open_till
from cube_demper.card_commands import WHAT_TO_DO, difference_line, stuck_line
from cube_demper.core.errors import IntegrationError, NotFound
from cube_demper.core.russian import counted
from cube_demper.core.settings import CubeApp, TipTopPaySettings
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, bad, good, note
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing.comparing import compare_day, gateway_doubts
from cube_demper.domain.billing.gateway import EventKind
from cube_demper.domain.billing.stuck import StuckKind, list_stuck
from cube_demper.integrations.tiptoppay.client import TipTopPay
from cube_demper.integrations.tiptoppay.gateway import TipTopPayGateway

_SHOWN, _WEEK = 20, timedelta(days=7)


async def look_at_payments(services: Services, tx: ReadTx, now: datetime) -> tuple[Finding, ...]:
    """Ask TipTopPay whether it knows us, compare yesterday, and count what needs a person."""
    return (*await look_at_gateway(services), *await _look_at_doubts(tx, now))


async def look_at_gateway(services: Services) -> tuple[Finding, ...]:
    """Ask TipTopPay whether it knows us, and for yesterday's payments."""
    settings = services.settings.tiptoppay
    if not settings.is_on:
        return (note(f"Оплата картой выключена: нужны {' и '.join(missing(settings))}"),)
    client = TipTopPay(TipTopPayGateway(settings, services.clock))
    try:
        await client.probe()
        answers = good("TipTopPay отвечает, ключи приняты")
        return (answers, await _webhooks(services, client), await _yesterday(services))
    except IntegrationError as error:
        return (bad(f"TipTopPay: {error.message}"),)
    finally:
        await client.aclose()


async def _yesterday(services: Services) -> Finding:
    day = (services.clock.now() - timedelta(days=1)).date()
    async with open_till(services) as till:
        found = await compare_day(till, SYSTEM, day)
    if not found:
        return good("Вчерашние платежи сошлись с TipTopPay")
    words = f"Вчера с TipTopPay не сошлось: {len(found)}"
    return bad(words, [difference_line(it) for it in found[:_SHOWN]])


async def _look_at_doubts(tx: ReadTx, now: datetime) -> list[Finding]:
    doubts = await gateway_doubts(tx, SYSTEM, since=now - _WEEK)
    lines = [
        (sum(doubts.refused.values()), "Уведомления, которым нельзя верить, за неделю"),
        (sum(doubts.waiting.values()), "Уведомления о платежах, которых у нас нет, за неделю"),
    ]
    reasons = [f"{reason}: {count}" for reason, count in doubts.refused.items()]
    stuck = await list_stuck(tx, SYSTEM, now)
    found = []
    if stuck:
        charges = sum(it.kind == StuckKind.CHARGE for it in stuck)
        counts = [
            counted(charges, "списание", "списания", "списаний") if charges else "",
            counted(len(stuck) - charges, "возврат", "возврата", "возвратов"),
        ]
        words = ", ".join(it for it in counts if not it.startswith("0") and it)
        details = [*(stuck_line(it) for it in stuck[:_SHOWN]), WHAT_TO_DO]
        found.append(bad(f"TipTopPay без ответа дольше часа: {words}", details))
    return found + [
        bad(f"{words}: {count}", reasons if "верить" in words else ())
        for count, words in lines
        if count
    ]


def missing(settings: TipTopPaySettings) -> list[str]:
    """Return the names of the variables that are not set."""
    given = {
        "TIPTOPPAY_PUBLIC_ID": settings.public_id,
        "TIPTOPPAY_API_SECRET": settings.api_secret,
    }
    return [name for name, value in given.items() if value is None]


async def _webhooks(services: Services, client: TipTopPay) -> Finding:
    base = services.settings.app_url(CubeApp.SELLER)
    wrong = []
    for kind in EventKind:
        try:
            found = await client.webhook_address(kind)
        except NotFound:
            return note("Адреса уведомлений TipTopPay не показывает: проверьте их в кабинете")
        wanted = f"{base}/webhooks/tiptoppay/{kind}"
        # The sandbox knows this machine by its number and not by its name.
        path = wanted if services.settings.is_production else f"/webhooks/tiptoppay/{kind}"
        if not found.endswith(path):
            wrong.append(f"{kind.title()}: {wanted}")
    if wrong:
        return bad("Уведомления TipTopPay идут не к нам, задайте адреса в кабинете", wrong)
    return good("Уведомления TipTopPay идут к нам")
