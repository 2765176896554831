"""A second computation of figures, in plain Python from the made-up district as it really is."""
