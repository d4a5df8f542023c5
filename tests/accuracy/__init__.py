"""Measure precision and recall against hand labels of real packages."""
