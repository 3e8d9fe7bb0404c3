"""Recipes: every choice of a training run; defaults in one place (`recipe.py`), overrides as TOML files."""
