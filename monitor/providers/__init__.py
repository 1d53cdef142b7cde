"""Mail providers: where their servers are, what they want for signing in, and what they say when they refuse."""
