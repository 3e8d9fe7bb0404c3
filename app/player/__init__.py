"""Shows a source: playing apart from analysis for films, the newest moment for what is live."""
