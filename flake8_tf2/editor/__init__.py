"""What editors show: findings as diagnostics, fixes as code actions, rules as hover texts."""
