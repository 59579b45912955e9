"""Time training with the course's package beside what one would use instead: `course bench`."""
