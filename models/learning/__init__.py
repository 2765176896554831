"""Learned cards: scikit-learn proposes, a person publishes; nothing here goes live by itself."""
