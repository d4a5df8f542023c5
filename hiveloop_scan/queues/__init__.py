"""What it takes to see the agent's work queue as an object: what all queue detectors share."""
