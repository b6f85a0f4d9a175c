-- What is kept no longer than it may be, and what is told outside.

-- Who did it, apart from what was done: `slip` is JSON with the digest of the words that name people
-- (the chain holds that digest, not the words) and which facts are among them; `salt` is what the
-- digest was made with, NULL once the words are erased. Entries of before have neither.
ALTER TABLE audit ADD COLUMN slip TEXT;
ALTER TABLE audit ADD COLUMN salt TEXT;
CREATE INDEX audit_named ON audit (at) WHERE salt IS NOT NULL;

-- When everything in the hold's row that names people, or quotes them, was erased.
ALTER TABLE holds ADD COLUMN erased_at BIGINT;
CREATE INDEX holds_with_content ON holds (ended_at)
    WHERE content_erased_at IS NULL AND ended_at IS NOT NULL;
CREATE INDEX holds_with_names ON holds (ended_at)
    WHERE erased_at IS NULL AND ended_at IS NOT NULL;

-- Ends of the audit that were signed.
CREATE TABLE signed_heads (
    number BIGINT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    node TEXT NOT NULL,
    key TEXT NOT NULL,
    signature TEXT NOT NULL,
    -- When it was handed to the next hop as a mail; NULL while that is owed.
    mailed_at BIGINT
);

-- How far each receiver of events has heard the audit: the audit is the queue.
CREATE TABLE hearers (
    name TEXT NOT NULL PRIMARY KEY,
    -- The last entry that it has heard, or needs not hear.
    heard BIGINT NOT NULL,
    -- Attempts to tell it the next one, and when the next attempt is due.
    attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    -- Which node tells it, and until when; NULL while nobody does.
    owner TEXT,
    lease_until BIGINT
);

-- The files that a node last worked by: JSON, names and digests.
CREATE TABLE in_force (
    node TEXT NOT NULL PRIMARY KEY,
    files TEXT NOT NULL
);
