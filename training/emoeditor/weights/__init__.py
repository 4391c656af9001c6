"""Networks read from and written to disk, bundles and exports."""
