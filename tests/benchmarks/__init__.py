"""How fast the scanner is, how much memory it takes, how soon it answers: figures, never assertions."""
