"""Wrong and right answers to the tasks of lab 02, as students write them."""
