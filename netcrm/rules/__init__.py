"""What is computed: pure functions of facts and a day. One file for each question."""
