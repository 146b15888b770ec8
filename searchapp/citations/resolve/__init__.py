"""Citation → Document: decide which document a citation means, with its issuer, term and period."""
