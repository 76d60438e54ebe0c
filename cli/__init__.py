"""The command line, a file per kind of work; each command gives whether all was well."""
