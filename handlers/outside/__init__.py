"""The ways out of the house: mail, webhook, time-stamp authority; where one is configured, and bounded in time."""
