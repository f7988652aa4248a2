"""Reading a store's whole cabinet into our catalogue: runs with progress, cancel and resume."""
