"""What the tests of the whole program share: programs under test, judges, and clients."""
