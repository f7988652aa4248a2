"""How the machine itself is doing: heartbeats of workers."""
