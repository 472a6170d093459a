"""From source code to references: scopes, values of expressions, and the symbol table."""
