"""What the archive means: how sources fare."""
