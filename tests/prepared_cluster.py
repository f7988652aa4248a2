"""A cluster with a migrated template: made once per state of the migrations, copied by every session."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cube_demper.embedded import Services
from cube_demper.embedded.ports import free_ports

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "template_migrated"
_KEPT = ROOT / ".pytest_cache" / "clusters"
_SOURCES = (
    "alembic/env.py",
    "alembic/versions/*.py",
    "constraints.txt",
    "tests/prepared_cluster.py",
)


def fill(folder: Path) -> None:
    """Put the data of a stopped cluster into `folder`."""
    mine = f"of-{os.getuid()}-"  # who runs tests as somebody else could not read it
    kept = _KEPT / f"{mine}{_state_of_the_migrations()}"
    _KEPT.mkdir(parents=True, exist_ok=True)
    with (_KEPT / f"{mine}lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # lanes that start together make one
        if not kept.exists():
            for older in _KEPT.glob(f"{mine}*/"):
                shutil.rmtree(older)
            _make(kept)
        _copy(kept, folder)


def _state_of_the_migrations() -> str:
    total = hashlib.sha256()
    for path in sorted(it for pattern in _SOURCES for it in ROOT.glob(pattern)):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _make(kept: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="cube-template-"))
    folder.chmod(0o755)  # root's stand-in must enter it
    postgres_port, valkey_port = free_ports(2)
    services = Services(folder, postgres_port, valkey_port, is_throwaway=True).start()
    try:
        _let_in_quickly(services)
        services.postgres.ensure_database(TEMPLATE)
        done = subprocess.run(
            [sys.executable, "-m", "alembic", "upgrade", "head"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": services.postgres.url(TEMPLATE)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"migrations failed:\n{done.stdout}{done.stderr}"
    finally:
        services.stop()
    draft = kept.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    _copy(folder, draft)
    draft.rename(kept)
    shutil.rmtree(folder)


def _let_in_quickly(services: Services) -> None:
    """Keep the password but not the thousands of rounds of its check: tests connect all the time."""
    change = f"ALTER ROLE cube PASSWORD '{services.postgres.password}'"
    services.postgres.run_sql(f"SET scram_iterations = 1; {change}")


def _copy(source: Path, target: Path) -> None:
    """Copy with the owners: as root's stand-in, Postgres refuses what is not its own."""
    target.mkdir(exist_ok=True)
    subprocess.run(["/bin/cp", "-a", f"{source}/.", target], check=True)
