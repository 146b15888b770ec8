"""Citation → Document: which document is meant, whose, of which term and period."""
