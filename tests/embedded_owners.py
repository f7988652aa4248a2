"""Owners of embedded services as processes of their own, so that tests can kill them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from cube_demper.embedded.ports import free_ports
from cube_demper.embedded.processes import leashed

OWNER = Path(__file__).parent / "integration" / "embedded" / "owner.py"


@dataclass
class Owner:
    """A process that runs embedded services, and what it said about them."""

    process: subprocess.Popen[str]
    said: dict[str, object]

    @property
    def servers(self) -> list[psutil.Process]:
        return [psutil.Process(pid) for pid in self.said["pids"]]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Place:
    """A data folder with ports of its own."""

    data_dir: Path
    system_root: Path
    ports: list[int] = field(default_factory=lambda: free_ports(2))
    owners: list[Owner] = field(default_factory=list)

    def run(
        self, *flags: str, python: str = sys.executable, **popen: object
    ) -> subprocess.Popen[str]:
        arguments = [str(self.data_dir), str(self.system_root), *map(str, self.ports), *flags]
        environment = {**os.environ, **popen.pop("environment", {})}
        command = [python, str(OWNER), *arguments]
        if "user" not in popen:
            # Leashed: a killed pytest must not leave it running.
            command = leashed(command, signal.SIGTERM)
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            **popen,
        )

    def own(self, *flags: str, **popen: object) -> Owner:
        """Start an owner and wait until its services run."""
        process = self.run(*flags, **popen)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        self.owners.append(Owner(process, json.loads(line)))
        return self.owners[-1]

    def clean(self) -> None:
        """Kill the servers with their own children, which would still write into a folder being deleted."""
        for owner in self.owners:
            owner.kill()
            family: list[psutil.Process] = []
            for pid in owner.said["pids"]:
                with suppress(psutil.NoSuchProcess):
                    server = psutil.Process(pid)
                    family += [server, *server.children(recursive=True)]
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(family, timeout=10)
