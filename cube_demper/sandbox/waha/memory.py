"""The sandbox's WhatsApp over a restart: sessions stay linked, messages stay, nobody is told anew."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cube_demper.sandbox.waha.engine import Engine
from cube_demper.sandbox.waha.world import Buyer, Message, Phone, Session


def dump_engine(engine: Engine) -> dict[str, Any]:
    """Return everything as JSON."""
    return {
        "sessions": [asdict(session) for session in engine.sessions.values()],
        "phones": [asdict(phone) for phone in engine.phones.values()],
        "buyers": [asdict(buyer) for buyer in engine.buyers.values()],
    }


def load_engine(engine: Engine, values: dict[str, Any]) -> None:
    """Take up what was saved."""
    for given in values.get("sessions", []):
        messages = [Message(**message) for message in given.pop("messages")]
        engine.sessions[given["name"]] = Session(**given, messages=messages)
    engine.phones |= {given["number"]: Phone(**given) for given in values.get("phones", [])}
    engine.buyers |= {given["number"]: Buyer(**given) for given in values.get("buyers", [])}
