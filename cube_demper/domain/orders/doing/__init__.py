"""Doing things with orders at Kaspi: accept, assemble, hand over by the buyer's code, cancel."""
