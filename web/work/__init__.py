"""Staff do their work here: the inbox, starting a process, a task and what lies beside it, notifications."""
