"""Stage 3: numbers: population, indicators, facts and screening."""
