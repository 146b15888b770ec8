"""What a text says that documents do to one another, from clause to clause: see `paragraphs.find_relations`."""
