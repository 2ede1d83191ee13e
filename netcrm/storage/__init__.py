"""Where records are kept: the contract, the questions, and the two backends that come along."""
