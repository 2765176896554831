"""Whom to visit in the coming weeks, by whom, and what today's people cannot do."""
