"""Measures of two classes and of counts: arithmetic that training and every bench share."""
