"""What it takes to see that the agent waits for a person's decision: the facts that all approval detectors share."""
