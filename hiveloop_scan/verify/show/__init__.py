"""A verdict as text, for people, for programs and for pull requests."""
