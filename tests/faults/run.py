"""One run: a seed's plan of faults, let happen to a stage of its own, then judged."""

from __future__ import annotations

import asyncio
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

from faults.judge import Verdict, judge
from faults.kinds import KINDS
from faults.servers import Servers
from faults.stage import FaultStage, fault_stage

_SPREAD = 1.0
"""Real seconds within which the faults of a run begin, so that they overlap."""
_DEALT = 2 * len(KINDS)
"""Faults that any 20 seeds in a row are dealt."""


@dataclass(frozen=True)
class Planned:
    """One fault of a plan: what, when, and its own chance."""

    kind: str
    at: float
    chance: int


@dataclass
class Run:
    """What happened, for the table and for a failure's message."""

    seed: int
    plan: list[Planned]
    verdict: Verdict
    log: str

    def describe(self) -> str:
        faults = ", ".join(f"{fault.kind} в {fault.at:.2f} с" for fault in self.plan)
        told = [f"seed {self.seed}: {faults}", *self.verdict.problems, *self.verdict.evidence]
        return "\n".join(told)


def draw(seed: int) -> list[Planned]:
    """Draw a plan: two or three kinds by turns, so that 20 seeds in a row have each twice, and chance."""
    chance = random.Random(seed)
    names = list(KINDS)
    turns = range(seed * _DEALT // 20, (seed + 1) * _DEALT // 20)
    chosen = {names[turn % len(names)] for turn in turns}
    chosen |= set(chance.sample(names, chance.choice((0, 1, 1))))
    return [
        Planned(name, chance.uniform(0, _SPREAD), chance.randrange(10**6))
        for name in sorted(chosen)
    ]


async def play(servers: Servers, seed: int) -> Run:
    """Play one seed from an empty database to the verdict."""
    plan = draw(seed)
    with tempfile.TemporaryDirectory(prefix=f"cube-fault-{seed}-") as folder:
        async with fault_stage(servers, seed, Path(folder)) as stage:
            async with asyncio.TaskGroup() as faults:
                for fault in plan:
                    faults.create_task(_happen(stage, fault))
            stage.sandbox.faults.clear()
            verdict = await judge(stage)
            return Run(seed, plan, verdict, stage.crew.log())


async def _happen(stage: FaultStage, fault: Planned) -> None:
    await asyncio.sleep(fault.at)
    await KINDS[fault.kind](stage, random.Random(fault.chance))
