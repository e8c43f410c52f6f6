"""Three people sign a list; what takes somebody off it, holds it back or proves what was signed."""
