"""Gnomon: finds the AI that an organisation really uses, from evidence it already has."""

__version__ = "0.1.0"
