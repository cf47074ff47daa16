"""The rows of every table, and the binding of their classes to deployed names.

Tables are made by the template, never from here. Access patterns are listed in the README.
"""
