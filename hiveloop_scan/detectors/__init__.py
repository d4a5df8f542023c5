"""One detector a file: a function that says where, never what to say or write."""
