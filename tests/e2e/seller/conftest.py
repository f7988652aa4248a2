"""The stage of workers, for journeys that end at the sandbox."""

from worker_stage import speed, stage

__all__ = ["speed", "stage"]
