"""The store: everything that is known of calls, in one database; which is also the ledger of what is still to do."""
