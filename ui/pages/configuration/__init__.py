"""Stations / Configuration: templates against what stations say, and putting right what differs."""
