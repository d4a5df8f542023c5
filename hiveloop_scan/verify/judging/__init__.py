"""What HiveBoard would drop, misread or leave standing: a file for each part of an event that can go wrong."""
