"""Configuration as code: what was read, what should be, what differs, and how it is put right."""
