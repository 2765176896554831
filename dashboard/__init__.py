"""Stage 4: the only package with users."""
