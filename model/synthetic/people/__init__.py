"""People with a raised hand, rendered."""

TABLE = "people.csv"  # of the pictures and what they show
