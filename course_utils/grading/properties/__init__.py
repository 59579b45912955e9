"""Properties that functions of a lab must have, each a check; `checks` puts them together into labs."""
