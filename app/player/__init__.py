"""Shows a source: films play independently of their analysis, live sources show the newest frame."""
