"""What would lower a child's tier: one child's place worked out on values that need not be true yet."""
