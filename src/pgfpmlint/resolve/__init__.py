"""From documents to what a server would run with: includes followed, last wins, defaults filled in."""
