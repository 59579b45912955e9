"""One module a framework, with a function `train(task, watch)` written as its documentation advises."""
