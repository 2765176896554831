"""What pages are drawn from: no page itself."""
