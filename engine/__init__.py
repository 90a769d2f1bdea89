"""The engine: cases, tasks, timers, jobs, deadlines, fees and their history."""
