"""The configuration: one TOML file a coach, checked as a whole."""
