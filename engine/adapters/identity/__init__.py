"""Outside parties that say who somebody is: registers, counters, certificates, identity providers."""
