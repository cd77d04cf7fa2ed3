"""Whole programs: a real Home Assistant in a process, a real browser, the demo."""
