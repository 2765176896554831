"""What readers of aggregates see: a fixed cube per period, protected as a whole before it leaves."""
