"""A card proposed from the outcomes of visits: what may be learned from, the proposal, who would enter and leave."""
