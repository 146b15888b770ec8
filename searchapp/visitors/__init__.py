"""What visitors leave with the operator, each off until it is switched on: counts of queries, subscriptions."""
