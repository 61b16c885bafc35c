"""What the office keeps: the only room that speaks SQL. Takes and returns the domain's records."""
