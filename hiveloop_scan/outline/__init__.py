"""What each file says of its functions, read off the standard parser's tree: what they call, what names stand for."""
