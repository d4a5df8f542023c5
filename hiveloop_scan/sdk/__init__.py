"""What is known of the HiveLoop SDK 0.2.0: its signatures, its objects, and which calls of a file are calls of it."""
