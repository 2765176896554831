"""What outcomes can tell of a list that exist only where somebody chose to visit, and what they cannot."""
