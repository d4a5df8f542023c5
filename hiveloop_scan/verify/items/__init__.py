"""The checklist of guide section 11, a file for each of its parts."""
