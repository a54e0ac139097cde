/**
 * What is not to be taken for safe, and what is not to be forgotten: copies on volumes that were closed after an error are in doubt until they are read again;
 * what a walk left out of a snapshot is kept with its path; and entries with trouble are found without reading the whole catalog.
 */
export const schema5 = `
ALTER TABLE copy ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0;
UPDATE copy SET doubted = 1 WHERE volume IN (SELECT id FROM volume WHERE state = 'closed');

CREATE TABLE left_out (
  snapshot INTEGER NOT NULL REFERENCES snapshot (id) ON DELETE CASCADE,
  path BLOB NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (snapshot, path, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_troubled ON entry (first) WHERE condition > 0;
`;
