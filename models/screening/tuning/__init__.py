"""Trying other cards and rules on the same facts: who moves, which groups, what past quarters would have shown."""
