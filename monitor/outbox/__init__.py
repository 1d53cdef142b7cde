"""The way out: one letter a week, to the coach alone."""
