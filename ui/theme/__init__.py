"""How the window looks: tokens, colours, type, icons, shapes, words for figures. Nothing of what it shows."""
