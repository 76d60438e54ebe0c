"""What happens without anybody at a page: jobs, timers, schedules, messages under way."""
