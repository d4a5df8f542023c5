"""What the detectors of model calls share: which API is called, on what object, and what comes back."""
