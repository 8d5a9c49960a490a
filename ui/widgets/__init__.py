"""Parts used by more than one page. They show what they are given and ask for nothing."""
