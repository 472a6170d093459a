"""What runs within the converted program; nothing here is imported by the tool itself."""
