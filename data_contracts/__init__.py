"""Stage 2: what each table must be, and which rows are."""
