"""The journal: minutes per apparent emotion and day, of the sessions marked as the user's own. No Qt."""
