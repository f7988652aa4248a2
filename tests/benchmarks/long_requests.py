"""Ten minutes at 60 requests a second with 4 workers: the sandbox, which bans as Kaspi does, bans nobody."""

from __future__ import annotations

from tests.benchmarks import requests_a_second

SECONDS = 600


def main() -> None:
    """Run and print; the column «bans» must hold 0."""
    requests_a_second.main(counts=(4,), seconds=SECONDS)


if __name__ == "__main__":
    main()
