"""Broadcasts: one text to many of a seller's own buyers, through the same gate as everything else."""
