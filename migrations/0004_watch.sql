-- What the service has done about a hold that nobody decides, and when the next is due: JSON. It is
-- read with every hold and is short, so it lies in the hold's row.
ALTER TABLE holds ADD COLUMN watch TEXT NOT NULL DEFAULT '{}';
