"""What a deploy should know about a decision file: cells that can never be right, gaps, overlaps."""
