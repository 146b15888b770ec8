"""Following on the pages: form and links of mails (`joining`), what is found (`news`), what mails say (`letters`)."""
