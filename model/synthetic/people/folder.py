"""Where rendered people are kept."""

PEOPLE = "people"  # the folder, beside the collections
TABLE = "people.csv"  # in it, of the pictures and what they show
