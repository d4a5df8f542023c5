"""Mending of calls that are wrong: what `lint --fix` writes, one small function a rule, and what must hold for it."""
