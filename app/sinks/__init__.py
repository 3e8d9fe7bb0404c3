"""Receivers of results: painted pictures, CSV, JSON, video."""
