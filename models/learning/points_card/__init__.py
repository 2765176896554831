"""A card of few lines with whole points, learned from outcomes: what a line may be, the search, the choice."""
