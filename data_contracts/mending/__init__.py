"""What was not taken in, worked off: return workbooks, corrected returns, decisions by hand, deletion requests."""
