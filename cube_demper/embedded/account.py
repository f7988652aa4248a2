"""The system account of the servers: Postgres refuses to run as root, so root lends it another."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cube_demper.core.errors import ConfigurationError

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An account that a child takes on instead of root."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the account gets to `folder`; asks the system, so ACLs count too."""
        return self._test("-x", folder)

    def can_run(self, program: Path) -> bool:
        """Tell whether the account may run `program`."""
        return self._test("-r", program) and self._test("-x", program)

    def _test(self, flag: str, path: Path) -> bool:
        command = ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)]
        done = subprocess.run(
            command, user=self.uid, group=self.gid, extra_groups=[], cwd="/", check=False
        )
        return done.returncode == 0

    def own(self, path: Path) -> None:
        """Give a file or folder that we made to the account."""
        os.chown(path, self.uid, self.gid)


def choose_account() -> Account | None:
    """Return the account that stands in for root, None if we are somebody already."""
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise ConfigurationError(
        "Postgres не работает от root, а в системе нет ни postgres, ни nobody: "
        "запустите от обычного пользователя или задайте DATABASE_URL и REDIS_URL"
    )
