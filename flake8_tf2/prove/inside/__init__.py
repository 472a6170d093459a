"""What runs inside the process of a program that is proved, under TF 1.15 on CPython 3.7 as well as under TF2.

These files import nothing of this package by its full name: the interpreter of TF1 does not have it.
"""
