"""The background service: wake, do what is due, sleep."""
