"""The commands of `shouhu`, one module a group; each prints for people or one JSON document for programs."""
