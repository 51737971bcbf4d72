"""radcite beside other ways of doing it: same documents, embedding model, questions, machine, run."""
