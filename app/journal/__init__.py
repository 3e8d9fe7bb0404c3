"""The journal: minutes per apparent emotion and day, of the sessions that are marked as one's own. No Qt."""
