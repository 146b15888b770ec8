"""The catalogue of bad inputs as tables, one module for each entry point; ids.txt lists the rows that must be there.

An id names a row of the catalogue ("Q3"); several cases may show one row ("Q3 infix"), and "+" begins our own.
"""
