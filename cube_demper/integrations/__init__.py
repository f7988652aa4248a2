"""Outside systems, one package each: client (I/O), wire (vendor shapes), mapping (pure)."""
