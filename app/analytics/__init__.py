"""What history and the live picture add up to: timelines, uptime, power, energy. Reads only; nothing is stored as truth."""
