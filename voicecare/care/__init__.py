"""Care for the agent: few kind words between calls, a diary nobody else reads, no guess at the agent's feelings."""
