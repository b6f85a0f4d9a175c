-- Who else besides its sender may act on a hold and hears of it: a list in JSON, in the order in
-- which they came. It is read with every hold and is short, so it lies in the hold's row.
ALTER TABLE holds ADD COLUMN parties TEXT NOT NULL DEFAULT '[]';
