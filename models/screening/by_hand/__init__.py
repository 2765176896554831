"""Children moved by hand inside the law: what may be asked for, and what became of it."""
