"""The messaging worker: `python -m workers messaging`. Sends what waits for WhatsApp, through the gate.

Each number has one turn at a time: choose a message, show «печатает…», ask everything once more, send.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta

from structlog import get_logger

from cube_demper.db.session import is_gone
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging import holding, outcomes, rules, turns, watching
from cube_demper.domain.messaging.broadcasts import feeding
from cube_demper.domain.messaging.enclosures import EnclosureKind
from cube_demper.domain.messaging.errors import TurnLost
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason
from cube_demper.domain.messaging.holding import Turn
from cube_demper.domain.messaging.inbox import files
from cube_demper.domain.messaging.judging import Letter
from cube_demper.domain.messaging.ports import (
    Attachment,
    RefusalReason,
    RefusedSend,
    SendOutcome,
    To,
    UncheckedNumber,
    WhatsAppSender,
)
from cube_demper.domain.pricing.checking import SHARDS
from cube_demper.integrations.waha.gateway import WahaGateway
from cube_demper.integrations.waha.sender import WahaSender
from workers.runtime import STOP_WITHIN, Options, Process, Tick, run_worker

_WIDTH = 40
"""Numbers at a time: a turn is mostly «печатает…», so one process serves some 150 messages a minute."""
_ORPHANED_AFTER = timedelta(seconds=60)
_UNCHECKED_WAIT = timedelta(minutes=5)
_log = get_logger()


def run(options: Options) -> int:
    """Run the messaging worker."""
    return run_worker("messaging", options, build)


async def build(process: Process) -> Messaging:
    """Build the work for this process's shard; without WAHA it only shows that it is there."""
    worker, waha = process.settings.worker, process.settings.waha
    keys = [key for key in range(SHARDS) if key % worker.instance_count == worker.instance_index]
    gateway = WahaGateway(waha) if waha.is_on else None
    return Messaging(process, WahaSender(gateway) if gateway else None, keys, gateway)


class Messaging:
    """Takes numbers that have something to say and lets each say one thing."""

    def __init__(
        self,
        process: Process,
        sender: WhatsAppSender | None,
        shard_keys: list[int],
        gateway: WahaGateway | None = None,
    ) -> None:
        """`sender` None: WAHA is not set up, everything waits."""
        self._process, self._services = process, process.services
        self._sender, self._keys, self._gateway = sender, shard_keys, gateway
        self._running: dict[asyncio.Task[None], Turn] = {}
        self._random = random.Random()
        self.counts: Counter[str] = Counter()

    def ticks(self) -> dict[str, tuple[Tick, float]]:
        """Take what is due; look for what got lost; notice what went away or may go on."""
        if self._sender is None:
            return {}
        return {
            "claim": (self._claim, 1.0),
            "reconcile": (self._reconcile, 10.0),
            "watch": (self._watch, 20.0),
            "broadcasts": (self._feed, 10.0),
        }

    async def run_bounded(self) -> None:
        """Send what this shard has due; again until nothing is, with `--until-idle`."""
        if self._sender is None:
            return
        await self._watch()
        await self._reconcile()
        await self._feed()
        begun, is_once = self._services.clock.now(), self._process.options.once
        while True:
            await self._take(self._keys, due=begun if is_once else None)
            if not self._running:
                return
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def close(self) -> None:
        """Let turns end; those that do not in time are given back where nothing has left."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=STOP_WITHIN / 2)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._gateway is not None:
            await self._gateway.aclose()

    async def _claim(self) -> None:
        """Take what is due: of this shard, else what has waited over a minute anywhere."""
        await self._take(self._keys)
        if len(self._running) < _WIDTH:
            await self._take(None, due=self._services.clock.now() - _ORPHANED_AFTER)
        self._process.pass_at = self._services.clock.now()
        self._process.pass_facts = {"speaking": len(self._running), **self.counts}

    async def _take(self, keys: list[int] | None, due: datetime | None = None) -> None:
        room = _WIDTH - len(self._running)
        if room <= 0 or self._process.stopping.is_set():
            return
        services = self._services
        async with services.db.write() as tx:
            found = await holding.claim(
                tx,
                SYSTEM,
                keys,
                services.clock.now(),
                secrets=services.secrets,
                due=due,
                limit=room,
            )
        for turn in found:
            task = asyncio.create_task(self._serve(turn))
            self._running[task] = turn
            task.add_done_callback(self._running.pop)

    async def _serve(self, turn: Turn) -> None:
        """The boundary of one number."""
        try:
            await self._speak(turn)
        except TurnLost:
            _log.info("whatsapp_turn_lost", session=turn.name)
        except asyncio.CancelledError:
            await self._give_back(turn)
            raise
        except Exception as error:  # noqa: BLE001 - the boundary
            if is_gone(error):
                _log.warning("whatsapp_database_gone", session=turn.name)
                return
            _log.exception("whatsapp_turn_failed", session=turn.name)

    async def _speak(self, turn: Turn) -> None:
        """Have one turn: whatever stops it leaves the number resting or its lease to end."""
        if not await self._is_back(turn) or not await self._may_begin_chats(turn):
            return
        services, secrets = self._services, self._services.secrets
        async with services.db.write() as tx:
            letter = await turns.pick(tx, turn, services.clock.now(), secrets=secrets)
        if letter is None:
            return
        chat_id = await self._address(turn, letter)
        if chat_id is None:
            return
        await self._type(turn, letter, chat_id)
        async with services.db.write() as tx:
            now, chance = services.clock.now(), self._random.random()
            short_id = await turns.begin(tx, turn, letter, now, secrets=secrets, chance=chance)
        if short_id is not None:
            await self._send(turn, letter, To(turn.name, chat_id, short_id))

    async def _send(self, turn: Turn, letter: Letter, to: To) -> None:
        outcome = await self._deliver(letter, to)
        async with self._services.db.write() as tx:
            await outcomes.settle(tx, turn, letter.id, outcome, self._services.clock.now())
        self.counts[type(outcome).__name__.lower()] += 1
        _log.info("whatsapp_sent", session=turn.name, outcome=type(outcome).__name__)

    async def _deliver(self, letter: Letter, to: To) -> SendOutcome:
        enclosure, services = letter.enclosure, self._services
        if enclosure is None:
            return await self._waha.send_text(to, letter.text)
        if enclosure.place is not None:
            return await self._waha.send_location(to, enclosure.place)
        content = None
        if enclosure.file_id is not None:
            async with services.db.read() as tx:
                content = await files.content_of(
                    tx, SYSTEM, enclosure.file_id, secrets=services.secrets
                )
        if content is None:
            return RefusedSend(RefusalReason.WRONG_REQUEST, "the file is gone")
        is_image = enclosure.kind is EnclosureKind.IMAGE
        send = self._waha.send_image if is_image else self._waha.send_file
        file = Attachment(enclosure.name, enclosure.mimetype, content)
        return await send(to, file, letter.text)

    async def _is_back(self, turn: Turn) -> bool:
        """Ask a number that was away for itself: an answer means that WAHA and WhatsApp are there."""
        if turn.away_since is None:
            return True
        is_there = True
        if turn.own_phone is not None:
            check = await self._waha.check_number(turn.name, turn.own_phone.lstrip("+"))
            is_there = not isinstance(check, UncheckedNumber)
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            if is_there:
                return await turns.come_back(tx, turn, now)
            await turns.put_off(tx, turn, Reason.UNREACHABLE, now, outcomes.AWAY_WAIT)
            return False

    async def _may_begin_chats(self, turn: Turn) -> bool:
        services, asked_at = self._services, turn.asked_quota_at
        if asked_at is not None and services.clock.now() - asked_at < rules.QUOTA_AGE:
            return True
        quota = await self._waha.new_chat_quota(turn.name)
        async with services.db.write() as tx:
            return await turns.note_quota(tx, turn, quota, services.clock.now())

    async def _address(self, turn: Turn, letter: Letter) -> str | None:
        """Return where to write to; None: the turn is over."""
        if not letter.needs_check:
            return letter.chat_id
        check = await self._waha.check_number(turn.name, letter.phone.lstrip("+"))
        services = self._services
        async with services.db.write() as tx:
            now = services.clock.now()
            if not isinstance(check, UncheckedNumber):
                await outcomes.note_number(
                    tx, letter.contact_id, check, now, secrets=services.secrets
                )
                chat_id = getattr(check, "chat_id", None)
                if chat_id is None:  # dropped with its reason in the next turn
                    await turns.give_back(tx, turn, now)
                return chat_id
            if check.reason in {RefusalReason.UNREACHABLE, RefusalReason.NOT_READY}:
                await turns.put_off(tx, turn, Reason.UNREACHABLE, now, outcomes.AWAY_WAIT)
            else:
                await turns.put_off(tx, turn, Reason.UNCHECKED, now, _UNCHECKED_WAIT)
            return None

    async def _type(self, turn: Turn, letter: Letter, chat_id: str) -> None:
        """Show «печатает…» as long as a person would need; that it cannot be shown stops nothing.

        Who answers has read: the buyer's letters get their blue marks first.
        """
        if letter.kind is MessageKind.REPLY:
            await self._waha.mark_seen(turn.name, chat_id)
        if not await self._waha.start_typing(turn.name, chat_id):
            return
        wait = rules.typing_seconds(letter.text, self._random.random())
        await self._services.clock.sleep(wait)
        await self._waha.stop_typing(turn.name, chat_id)

    async def _give_back(self, turn: Turn) -> None:
        try:
            async with self._services.db.write() as tx:
                await turns.give_back(tx, turn, self._services.clock.now())
        except TurnLost:
            return

    async def _reconcile(self) -> None:
        await watching.reconcile(self._services, self._waha, self._keys)

    async def _watch(self) -> None:
        services = self._services
        async with services.db.write() as tx:
            await watching.watch(tx, SYSTEM, self._keys, services.clock.now())
            await files.forget_expired(tx, SYSTEM, services.clock.now())

    async def _feed(self) -> None:
        """Let running broadcasts into the queue, a portion at a time."""
        services = self._services
        is_fed = True
        while is_fed and not self._process.stopping.is_set():
            async with services.db.write() as tx:
                now = services.clock.now()
                is_fed = await feeding.feed_next(
                    tx, SYSTEM, self._keys, now, secrets=services.secrets
                )

    @property
    def _waha(self) -> WhatsAppSender:
        assert self._sender is not None  # noqa: S101 - ticks and passes begin only with one
        return self._sender
