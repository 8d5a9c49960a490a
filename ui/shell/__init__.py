"""The window around the pages: rail, top bar, status bar, command palette, what closing means."""
