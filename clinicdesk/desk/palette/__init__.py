"""The palette of Ctrl+K: one line that finds people, actions, dates and settings, and books."""
