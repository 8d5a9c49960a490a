"""The pages about faults: the queue, and the shift with how good the queue itself is."""
