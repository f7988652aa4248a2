"""Cube Demper: repricing, orders and assistants for sellers on Kaspi.kz."""
