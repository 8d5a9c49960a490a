"""What is kept and how: tables, one writer, the journal, readers, retention, backup."""
