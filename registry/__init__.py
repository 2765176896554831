"""Stage 1: deliveries come in, unchanged."""
