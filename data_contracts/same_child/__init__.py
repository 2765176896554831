"""Which entries are one child: by number, by a person's decision; and which may be."""
