"""Saves the sandbox to its folder and takes it up again after a stop or a kill."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cube_demper.sandbox.mailbox import Letter
from cube_demper.sandbox.order_deeds import Deed
from cube_demper.sandbox.pricefeed import Change
from cube_demper.sandbox.sessions import Session
from cube_demper.sandbox.state import StateFile, dump_card, from_fields, load_cards
from cube_demper.sandbox.tiptoppay.memory import dump_terminal, load_terminal
from cube_demper.sandbox.waha.memory import dump_engine, load_engine

if TYPE_CHECKING:
    from cube_demper.sandbox.server import Sandbox


class Memory:
    """The sandbox's memory of itself."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Open the folder's state and restore it into the sandbox."""
        folder = sandbox.options.state_dir
        assert folder is not None  # noqa: S101 - the sandbox has no memory without a folder
        self._sandbox = sandbox
        self._file = StateFile(folder / "state.sqlite", sandbox.world.fingerprint)
        self._logged: set[str] = {
            f"{entry['kind']}:{entry['id']}"
            for entry in sandbox.journal.entries
            if entry["kind"] in ("accepted", "settled")
        }
        if self._file.is_fresh:
            self._file.put({"log_starts_after": sandbox.journal.last_number})
            sandbox.market.touched.update(sandbox.world.cards)
        else:
            self._restore()

    def has_logged(self, change: Change) -> bool:
        """Tell whether the log of the life before already tells of this."""
        kind = "accepted" if change.result == "pending" else "settled"
        return f"{kind}:{change.id}" in self._logged

    def save(self) -> None:
        """Save what changed since the last time."""
        sandbox = self._sandbox
        touched = sandbox.market.touched
        values: dict[str, Any] = {
            f"card:{card_id}": dump_card(sandbox.world.cards[card_id]) for card_id in touched
        }
        values["changes"] = [change.dump() for change in sandbox.market.changes.values()]
        values["accepted_count"] = sandbox.market.accepted_count
        values["sessions"] = [asdict(session) for session in sandbox.sessions.by_sid.values()]
        values["tokens"] = sandbox.world.tokens
        deeds = sandbox.world.order_deeds
        values["deeds"] = {code: deed.dump() for code, deed in deeds.items()}
        values["feeds"] = sandbox.feeds.dump()
        values["limits"] = sandbox.limits.dump()
        values["waha"] = dump_engine(sandbox.waha)
        values["tiptoppay"] = dump_terminal(sandbox.tiptoppay)
        values["mail"] = [letter.dump() for letter in sandbox.mailbox.letters]
        self._file.put(values)
        touched.clear()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _restore(self) -> None:
        sandbox = self._sandbox
        load_cards(sandbox.world, self._file.cards())
        for card in sandbox.world.cards.values():
            sandbox.market.plan(card)
        for values in self._unsettled():
            sandbox.market.enqueue(from_fields(Change, values))
        for values in self._file.get("sessions") or []:
            sandbox.sessions.by_sid[values["sid"]] = Session(**values)
        sandbox.world.tokens.update(self._file.get("tokens") or {})
        for code, deed in (self._file.get("deeds") or {}).items():
            sandbox.world.order_deeds[code] = Deed(**deed)
        sandbox.feeds.load(self._file.get("feeds") or [])
        sandbox.mailbox.letters = [Letter(**values) for values in self._file.get("mail") or []]
        load_engine(sandbox.waha, self._file.get("waha") or {})
        load_terminal(sandbox.tiptoppay, self._file.get("tiptoppay") or {})
        if limits := self._file.get("limits"):
            sandbox.limits.load(limits)

    def _unsettled(self) -> list[dict[str, Any]]:
        """Return the changes that waited at the last save and those accepted after it."""
        waiting = self._file.get("changes") or []
        count = self._file.get("accepted_count") or 0
        start = self._file.get("log_starts_after") or 0
        self._sandbox.market.accepted_count = count
        newer = [
            entry
            for entry in self._sandbox.journal.since(start, kind="accepted")
            if entry["number"] > count
        ]
        return [*waiting, *newer]
