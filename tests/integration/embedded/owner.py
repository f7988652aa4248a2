"""Owns embedded services until killed: `owner.py DATA_DIR SYSTEM_ROOT PG_PORT VALKEY_PORT [unleashed]`.

Prints one line of JSON when they run, or the one-line error and exit 2.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded import Services, processes


def main() -> None:
    data_dir, system_root, postgres_port, valkey_port, *flags = sys.argv[1:]
    if flags:
        # As on a system whose kernel cannot tell a child of its parent's death: signal 0 is none.
        real = processes.leashed
        processes.leashed = lambda command, _signal, account=None: real(command, 0, account)
    services = Services(
        Path(data_dir), int(postgres_port), int(valkey_port), system_root=Path(system_root)
    )
    try:
        services.start()
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(2)
    postgres, valkey = services.postgres, services.valkey
    print(  # noqa: T201 - what the test reads
        json.dumps(
            {
                "database_url": services.database_url,
                "redis_url": services.redis_url,
                "pids": [postgres.pid, valkey.pid],
                "folder": str(postgres.placement.folder),
                "account": postgres.placement.account and postgres.placement.account.name,
            }
        ),
        flush=True,
    )
    signal.sigwait({signal.SIGTERM})
    services.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main()
