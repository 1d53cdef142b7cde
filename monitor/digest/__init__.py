"""What the weekly digest says, and how it is written: one content for JSON, text and HTML."""
