"""The window: pages over snapshots. May import app; app never imports ui."""
