"""From findings to edits of the source: what a rule's `fixes` say, applied to one place."""
