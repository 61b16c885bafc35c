"""What a person may do: one function a deed. Permitted? Sound? Keep it, note it, in one transaction."""
