/**
 * What was read back, when and with which result: of volumes, and of each copy on them. Volumes are named by their UUID and copies by object, because
 * this history outlives the rows that it is about.
 */
export const schema3 = `
CREATE TABLE verification (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER,
  volume TEXT NOT NULL,
  barcode TEXT NOT NULL,
  method TEXT NOT NULL,
  place TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  objects INTEGER NOT NULL,
  read_bytes INTEGER NOT NULL,
  severity TEXT
) STRICT;
CREATE INDEX verification_volume ON verification (volume, id);

CREATE TABLE verification_finding (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  verification INTEGER NOT NULL REFERENCES verification (id),
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  object INTEGER NOT NULL,
  role TEXT NOT NULL,
  text TEXT NOT NULL,
  hint TEXT NOT NULL
) STRICT;
CREATE INDEX verification_finding_verification ON verification_finding (verification);

CREATE TABLE copy_check (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  verification INTEGER NOT NULL REFERENCES verification (id),
  volume TEXT NOT NULL,
  object INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  intact INTEGER NOT NULL
) STRICT;
CREATE INDEX copy_check_copy ON copy_check (volume, object, id);
CREATE INDEX copy_check_segment ON copy_check (segment, id);
CREATE INDEX copy_check_verification ON copy_check (verification);
`;
