"""The rule files, packaged as `flake8_tf2.rules`."""
