"""The start page: a quick look at a folder, and the next command to type."""
