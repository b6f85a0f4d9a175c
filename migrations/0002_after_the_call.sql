-- What came of the call: promises, what else there was with a customer, new texts.

-- A promise made in a hold's call. What the worker and the counts need has a column; the whole
-- truth is in the JSON beside it.
CREATE TABLE promises (
    hold_id TEXT NOT NULL PRIMARY KEY REFERENCES holds (id) DEFERRABLE INITIALLY DEFERRED,
    -- open, kept, dropped.
    state TEXT NOT NULL,
    -- When the worker must look at it; NULL once nobody waits.
    wake_at BIGINT,
    -- The promised day, as 2026-05-03.
    day TEXT NOT NULL,
    promise TEXT NOT NULL
);
CREATE INDEX promises_awake ON promises (state, wake_at);

-- By which customers a hold is found again, addresses in lower case. Holds from before this table
-- are not in it.
CREATE TABLE held_for (
    address TEXT NOT NULL,
    sender TEXT NOT NULL,
    created BIGINT NOT NULL,
    hold_id TEXT NOT NULL REFERENCES holds (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (address, sender, created, hold_id)
);
CREATE INDEX held_for_by_hold ON held_for (hold_id);

-- Originals that were taken back for a new text.
CREATE TABLE rewrites (
    hold_id TEXT NOT NULL PRIMARY KEY REFERENCES holds (id) DEFERRABLE INITIALLY DEFERRED,
    -- The reverse-path in lower case.
    sender TEXT NOT NULL,
    open_until BIGINT NOT NULL,
    -- The key of the mail that was the new text; NULL until it came.
    used_by TEXT
);
CREATE INDEX rewrites_by_sender ON rewrites (sender, open_until);
