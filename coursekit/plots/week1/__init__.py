"""Figures that one lesson of week 1 shows."""
