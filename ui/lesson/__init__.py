"""Lessons: questions about what a page shows, one step at a time."""
