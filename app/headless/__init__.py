"""Shared code of all runs without a window: parts of the pipeline, names and files of results, report, and stopping."""
