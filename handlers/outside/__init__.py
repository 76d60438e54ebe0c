"""Outside channels: mail, webhook, time-stamp authority; where one is configured, and bounded in time."""
