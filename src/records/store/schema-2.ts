/** Upkeep of drives: what they counted when somebody looked, how they were cleaned, and what the cleaning cartridges have left. */
export const schema2 = `
CREATE TABLE health_reading (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  numbers TEXT NOT NULL
) STRICT;
CREATE INDEX health_reading_subject ON health_reading (subject, id);

CREATE TABLE cleaning_cartridge (
  barcode TEXT NOT NULL PRIMARY KEY,
  uses INTEGER NOT NULL,
  max_uses INTEGER,
  state TEXT NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cleaning (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time_ms INTEGER NOT NULL,
  library TEXT NOT NULL,
  drive INTEGER NOT NULL,
  drive_serial TEXT NOT NULL,
  barcode TEXT NOT NULL,
  outcome TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;
CREATE INDEX cleaning_drive ON cleaning (library, drive, id);
`;
