"""Readers of the published data sets, and what is derived from their rows."""
