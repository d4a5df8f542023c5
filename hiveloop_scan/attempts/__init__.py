"""What it takes to see that an operation is tried again: the facts that all retry detectors share."""
