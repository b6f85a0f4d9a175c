-- Recorded traffic: of every judged mail what is needed to say what other thresholds, weights and
-- modes would have made of it. No text, no address. What is listed or filtered has a plain column;
-- the rest is in the JSON beside it.

CREATE TABLE traffic (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    team TEXT NOT NULL,
    -- passed, observed, notified, held, exempt.
    fate TEXT NOT NULL,
    -- Whether a policy came near to holding it.
    near BIGINT NOT NULL,
    hold_id TEXT,
    detail TEXT NOT NULL
);
CREATE INDEX traffic_by_age ON traffic (at, id);
CREATE INDEX traffic_near ON traffic (at, id) WHERE near = 1;
CREATE INDEX traffic_exempt ON traffic (at, id) WHERE fate = 'exempt';
CREATE INDEX traffic_by_hold ON traffic (hold_id) WHERE hold_id IS NOT NULL;

-- Letters about mail that went out (mode "notify"). Such mail has no hold, so its letters lie here and
-- not in the outbox.
CREATE TABLE passing_letters (
    -- The id of the record, if there is one: it stands in the letter.
    id TEXT NOT NULL PRIMARY KEY,
    -- In lower case, to count by.
    addressee TEXT NOT NULL,
    recipient TEXT NOT NULL,
    created BIGINT NOT NULL,
    -- Not before; NULL once it is settled.
    due BIGINT,
    attempts BIGINT NOT NULL,
    lease_until BIGINT,
    -- The letter; empty once it is settled.
    octets BYTEA NOT NULL
);
CREATE INDEX passing_letters_due ON passing_letters (due);
CREATE INDEX passing_letters_of ON passing_letters (addressee, created);
