"""One file a method of the SDK: what its call is made of, and where it goes."""
