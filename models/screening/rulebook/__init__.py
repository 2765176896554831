"""The rule book: cards, tiers and lanes read strictly, what no card may do, and which version holds."""
