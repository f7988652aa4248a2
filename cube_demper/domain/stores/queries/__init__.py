"""All SQL of stores: settings and switches, readiness for the worker, status, the overview."""
