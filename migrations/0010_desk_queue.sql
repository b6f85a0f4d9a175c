-- What the desk's queue is searched and ordered by. Earlier holds get what their rows say; the
-- words of their subjects are found for holds of this release on.

-- 0 where the call comes before others, else 1, so that one order suits both columns beside it.
ALTER TABLE holds ADD COLUMN calm BIGINT NOT NULL DEFAULT 1;
-- When it ends though nobody decides; the end of time where its policy keeps it.
ALTER TABLE holds ADD COLUMN ends_at BIGINT NOT NULL DEFAULT 9223372036854775807;
-- 1 while a second person is asked.
ALTER TABLE holds ADD COLUMN proposed BIGINT NOT NULL DEFAULT 0;
UPDATE holds SET
    calm = CASE WHEN dossier LIKE '%"urgency":["%' THEN 0 ELSE 1 END,
    ends_at = CASE WHEN dossier LIKE '%"expiry_action":"keep"%' THEN ends_at ELSE expires_at END;

-- Each order that the queue has, state by state, with what it is filtered by: a page is read from
-- the index alone, and only the lines that it shows from the wide rows.
DROP INDEX holds_by_state;
CREATE INDEX holds_newest ON holds (state, created, id, category, policy, sender, proposed, calm, ends_at);
CREATE INDEX holds_ending ON holds (state, ends_at, id, category, policy, sender, proposed, calm, created);
CREATE INDEX holds_urgent ON holds (state, calm, ends_at, id, category, policy, sender, proposed, created);
DROP INDEX holds_by_sender;
CREATE INDEX holds_by_sender ON holds (sender, created, id, state);

-- The words of subjects, in the form for matching: octets, so that both databases order them alike.
CREATE TABLE subject_words (
    word BYTEA NOT NULL,
    created BIGINT NOT NULL,
    hold_id TEXT NOT NULL REFERENCES holds (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (word, created, hold_id)
);
CREATE INDEX subject_words_by_hold ON subject_words (hold_id, word);

-- What happened to one hold.
CREATE INDEX IF NOT EXISTS audit_by_hold ON audit (hold_id, number);
