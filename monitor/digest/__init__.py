"""What the weekly digest says, in no language yet: its content, and the same as JSON."""
