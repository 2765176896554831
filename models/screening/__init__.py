"""Three lanes, tiers by rules, points inside a tier."""
