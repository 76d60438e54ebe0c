"""What administrators do to a case, each with a reason that history keeps."""
