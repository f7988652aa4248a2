"""WhatsApp: whether WAHA answers, is new enough, and how sellers' numbers are."""

from __future__ import annotations

from collections import Counter

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError, NotFound
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import ReadTx
from cube_demper.doctor.report import Finding, bad, good, note
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging.sessions import service
from cube_demper.domain.messaging.sessions.schemas import SessionPhase
from cube_demper.integrations.waha.client import WahaSessions
from cube_demper.integrations.waha.gateway import WahaGateway


async def look_at_whatsapp(services: Services, tx: ReadTx) -> tuple[Finding, ...]:
    """Ask WAHA for its version and count the numbers that ought to work."""
    waha = services.settings.waha
    if not waha.is_on:
        return (note("WhatsApp выключен: нужны WAHA_URL, WAHA_PASSWORD и WAHA_HMAC_KEY"),)
    wished = await service.wished_phases(tx, SYSTEM)
    phases = Counter(wished)
    works = phases[SessionPhase.WORKING]
    needs = phases[SessionPhase.FAILED] + phases[SessionPhase.NEEDS_ACTION]
    words = f"Номеров на связи: {works} из {len(wished)}"
    # A number that its seller has to link again is no fault of the machine's.
    numbers = note(f"{words}, ждут продавца: {needs}") if needs else good(words)
    return (await _server(services), numbers)


async def _server(services: Services) -> Finding:
    gateway = WahaGateway(services.settings.waha)
    url = services.settings.app_url(CubeApp.SELLER)
    try:
        found = await WahaSessions(gateway, services.settings.waha, url).version()
    except (IntegrationError, NotFound) as error:
        return bad(f"WAHA: {error.message}")
    finally:
        await gateway.aclose()
    if found.is_old:
        return bad(f"WAHA {found.version} слишком старая, нужна 2026.6.1 или новее")
    return good(f"WAHA {found.version}, движок {found.engine}")
