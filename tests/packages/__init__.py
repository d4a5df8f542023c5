"""What `apply` does to whole packages that nobody here wrote: ``python -m tests.packages``."""
