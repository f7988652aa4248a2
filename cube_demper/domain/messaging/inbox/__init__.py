"""The inbox: a talk with each buyer, what a seller answers, quick answers and the files that go with them."""
