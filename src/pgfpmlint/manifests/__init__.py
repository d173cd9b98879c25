"""Files that hold other files: manifests whose parts a server is given as its configuration."""
