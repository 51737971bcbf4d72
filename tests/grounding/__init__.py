"""Statements with the facts they are held against: correct paraphrases and wrong ones."""
