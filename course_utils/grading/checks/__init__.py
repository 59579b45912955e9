"""One module for each lab: what is right, task by task."""
