"""The deployment that the files form: hosts, servers, pools, the links between them, and their arithmetic."""
