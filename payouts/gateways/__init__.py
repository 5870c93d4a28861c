"""The rails on which money leaves: pure code over plain values, no database and no clock."""
