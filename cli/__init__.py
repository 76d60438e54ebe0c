"""The command line, a file per kind of work; each command returns whether all was well."""
