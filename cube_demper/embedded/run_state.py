"""What we keep in CUBE_DATA_DIR, readable by its owner only.

`secrets.json` outlives restarts: passwords of the servers and the keys that encrypt columns.
`run.json` says what runs now, who owns it and which settings the owner gave its children.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.ids import new_token
from cube_demper.embedded.processes import ProcessMark


@dataclass(frozen=True)
class Secrets:
    """Made once for a data folder; without them what it holds can be neither opened nor read."""

    identity: str
    postgres_password: str
    valkey_password: str
    secret_keys: str

    @classmethod
    def of(cls, data_dir: Path) -> Secrets:
        """Return the folder's secrets, making them the first time."""
        path = data_dir / "secrets.json"
        if not path.exists():
            made = cls(secrets.token_hex(8), new_token(), new_token(), new_token())
            write_private(path, json.dumps(asdict(made), indent=2))
        try:
            return cls(**json.loads(path.read_text()))
        except (ValueError, TypeError):
            raise ConfigurationError(
                f"{path} испорчен: верните его из копии или удалите {data_dir} со всеми данными"
            ) from None


@dataclass(frozen=True)
class RunState:
    """A running `cube up`; `environment` holds the settings that it gave its children."""

    owner: ProcessMark
    database_url: str
    redis_url: str
    environment: dict[str, str]

    def write(self, data_dir: Path) -> None:
        """Publish it to the commands that attach."""
        write_private(data_dir / "run.json", json.dumps(asdict(self), indent=2))

    @staticmethod
    def withdraw(data_dir: Path) -> None:
        """Say that nothing runs any more."""
        (data_dir / "run.json").unlink(missing_ok=True)


def find_run_state(data_dir: Path) -> RunState | None:
    """Return what runs now; a file that a dead owner left behind counts as nothing."""
    try:
        raw = json.loads((data_dir / "run.json").read_text())
        state = RunState(**{**raw, "owner": ProcessMark(**raw["owner"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
    return state if state.owner.is_alive() else None


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole, readable by its owner only from the first byte on."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
