"""Run a program with the real SDK against a sink on this machine, and tell what HiveBoard would get."""
