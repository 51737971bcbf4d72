"""appropriateness."""
