"""The page of the command `report`: how much of a tree is TensorFlow 1, what removes it, and what is left by hand."""
