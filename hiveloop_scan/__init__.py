"""Find every place in a Python code base where a HiveLoop event belongs."""

__version__ = "0.1.0"
