"""What the detectors of plans and of their steps share."""
