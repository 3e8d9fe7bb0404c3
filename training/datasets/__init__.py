"""Readers of the published data sets and what is made of their rows."""
