"""Messages, unit of work, inbox, outbox and conversation: what happens to one message."""
