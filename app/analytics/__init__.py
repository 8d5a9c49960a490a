"""What history adds up to: timelines, uptime, power, energy. Reads only; nothing is stored as truth."""
