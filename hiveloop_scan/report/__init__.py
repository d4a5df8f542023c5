"""Renderers: one file each, Report in, text out."""
