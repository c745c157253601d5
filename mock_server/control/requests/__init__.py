"""What the journals tell: requests listed, explained, followed and verified."""
