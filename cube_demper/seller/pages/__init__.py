"""The seller's pages: every package here exposes `PAGE` and is found by itself."""
