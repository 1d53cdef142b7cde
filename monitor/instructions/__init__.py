"""What the coach tells the service in a reply to the letter: the words for it, in both languages, and their meaning."""
