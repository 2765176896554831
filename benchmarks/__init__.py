"""How long a part takes beside the plainest code that gives the same answer; no test depends on time."""
