"""Find the relations between documents that a text states, clause by clause: see `paragraphs.find_relations`."""
