"""Pure functions from a snapshot to frames, figures and numbers."""
