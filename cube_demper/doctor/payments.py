"""Payments by card: whether TipTopPay's keys are there and open its door, and where it sends its webhooks."""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError, NotFound
from cube_demper.core.settings import CubeApp, TipTopPaySettings
from cube_demper.doctor.report import Finding, bad, good, note
from cube_demper.domain.billing.gateway import EventKind
from cube_demper.integrations.tiptoppay.client import TipTopPay
from cube_demper.integrations.tiptoppay.gateway import TipTopPayGateway


async def look_at_gateway(services: Services) -> tuple[Finding, ...]:
    """Ask TipTopPay whether it knows us."""
    settings = services.settings.tiptoppay
    if not settings.is_on:
        return (note(f"Оплата картой выключена: нужны {' и '.join(missing(settings))}"),)
    client = TipTopPay(TipTopPayGateway(settings, services.clock))
    try:
        await client.probe()
        return (good("TipTopPay отвечает, ключи приняты"), await _webhooks(services, client))
    except IntegrationError as error:
        return (bad(f"TipTopPay: {error.message}"),)
    finally:
        await client.aclose()


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
