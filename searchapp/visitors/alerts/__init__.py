"""Following: who asked to be told of what (`book`), what is new for them (`round`), mails and webhooks that tell it."""
