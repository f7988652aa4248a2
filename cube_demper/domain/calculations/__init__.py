"""Calculations for people: counted by the calculators, kept, put on paper, shared by a link."""
