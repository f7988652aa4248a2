"""The AI staff's language model: whether there is a key, whether it works, whether it has our models."""

from __future__ import annotations

from cube_demper.bootstrap import Services
from cube_demper.core.errors import IntegrationError
from cube_demper.doctor.report import Finding, bad, good, note
from cube_demper.integrations.gemini.client import Gemini


async def look_at_model(services: Services) -> tuple[Finding, ...]:
    """Ask Gemini for its models."""
    settings = services.settings.gemini
    if settings.api_key is None:
        return (note("Модель не подключена: нужен GEMINI_API_KEY. Что её не требует, работает"),)
    gemini = Gemini(settings, services.clock, timeout_ms=15_000)
    try:
        missing = await gemini.missing_models()
    except IntegrationError as error:
        return (bad(f"Gemini: {error.message}"),)
    finally:
        await gemini.aclose()
    if missing:
        how = "GEMINI_MODEL и GEMINI_LAWYER_MODEL: выберите из того, что есть у ключа"
        return (bad(f"У ключа нет моделей: {', '.join(missing)}", (how,)),)
    return (good(f"Gemini отвечает: {settings.model}, юристу {settings.lawyer_model}"),)
