"""What the office means: plain records and rules. No Flask, no SQL, no clock, no files."""
