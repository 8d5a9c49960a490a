"""Settings, Assumptions: the rates behind the costs."""
