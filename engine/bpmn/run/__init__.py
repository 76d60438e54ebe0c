"""What happens inside one step: tokens, gateways, events, tasks and the scopes around them."""
