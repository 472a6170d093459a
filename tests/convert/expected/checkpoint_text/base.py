"""What all the text classifiers share."""
