"""What each server version accepts: facts read from running servers, as data."""
