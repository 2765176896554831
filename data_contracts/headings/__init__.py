"""Which heading of a sheet is which column of which form: known words, likeness, an officer's answer."""
