-- Mail of ours waits its turn, so that nobody is buried in it. Two more states of an outbox item:
-- waiting (for its addressee's turn), joined (a digest tells it; `note` names that item).

-- Whose mail it is, in lower case; NULL for a release and for mail that never waits.
ALTER TABLE outbox ADD COLUMN addressee TEXT;
-- When its turn came; NULL before.
ALTER TABLE outbox ADD COLUMN let_go BIGINT;
CREATE INDEX outbox_waiting ON outbox (addressee, state, created);
CREATE INDEX outbox_let_go ON outbox (addressee, let_go);
