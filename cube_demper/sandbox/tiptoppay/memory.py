"""The terminal over a restart: links, payments and tokens stay; webhooks on their way are lost."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cube_demper.sandbox.tiptoppay.terminal import Terminal
from cube_demper.sandbox.tiptoppay.world import Order, Token, Transaction


def dump_terminal(terminal: Terminal) -> dict[str, Any]:
    """Return everything as JSON."""
    return {
        "orders": [asdict(it) for it in terminal.orders.values()],
        "transactions": [asdict(it) for it in terminal.transactions.values()],
        "tokens": [asdict(it) for it in terminal.tokens.values()],
        "addresses": terminal.hooks.addresses,
    }


def load_terminal(terminal: Terminal, values: dict[str, Any]) -> None:
    """Take up what was saved."""
    terminal.orders |= {it["id"]: Order(**it) for it in values.get("orders", [])}
    terminal.transactions |= {it["id"]: Transaction(**it) for it in values.get("transactions", [])}
    terminal.tokens |= {it["token"]: Token(**it) for it in values.get("tokens", [])}
    terminal.hooks.addresses |= values.get("addresses") or {}
