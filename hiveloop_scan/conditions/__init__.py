"""What it takes to see a problem that lasts longer than one task, and its end: what all issue detectors share."""
