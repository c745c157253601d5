"""The mock server beside other mock servers, and beside itself with a hundred times the data."""
