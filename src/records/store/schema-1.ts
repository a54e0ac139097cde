/**
 * The first schema.
 *
 * What it is built for: tens of millions of entries, most of which never change.
 * - Directories are interned, so a row carries only its last path component. A root has its archive's negated id as parent.
 * - `entry.first` and `entry.gone` are snapshot ids, which grow with time, so that one comparison tells whether a row is visible.
 * - `entry.segment` is 0 while only later pieces of a split entry were sealed; such rows are not yet visible.
 * - `entry.facts` holds what nobody searches for, packed (catalog/facts.ts), with the digest of the only piece that most files
 *   have.
 * - Names are indexed in runs of a few thousand: sorted within a run, runs appended. A single index over all names would touch a
 *   random page for each new row once it has outgrown the cache; a search costs one seek for each run instead.
 */
export const schema1 = `
CREATE TABLE archive (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  uuid TEXT NOT NULL UNIQUE,
  -- The highest number ever given: the seals of an abandoned snapshot may lie on volumes, so its number is not given again.
  last_snapshot INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  archive INTEGER NOT NULL REFERENCES archive (id),
  number INTEGER NOT NULL,
  base INTEGER,
  started_ms INTEGER NOT NULL,
  finished_ms INTEGER,
  entries INTEGER,
  content_bytes INTEGER,
  new_entries INTEGER,
  new_content_bytes INTEGER,
  sealed_bytes INTEGER,
  troubled_entries INTEGER,
  UNIQUE (archive, number)
) STRICT;
CREATE UNIQUE INDEX snapshot_open ON snapshot (archive) WHERE finished_ms IS NULL;

CREATE TABLE name_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  archive INTEGER NOT NULL REFERENCES archive (id),
  entries INTEGER NOT NULL
) STRICT;
CREATE INDEX name_run_archive ON name_run (archive);

CREATE TABLE segment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot INTEGER NOT NULL REFERENCES snapshot (id),
  number INTEGER NOT NULL,
  planned_bytes INTEGER NOT NULL,
  plan TEXT NOT NULL,
  sealed_bytes INTEGER,
  sealed_sha256 TEXT,
  tar_bytes INTEGER,
  first_member_offset INTEGER,
  sealed_at_ms INTEGER,
  seal_text TEXT,
  name_run INTEGER,
  first_entry INTEGER,
  last_entry INTEGER,
  UNIQUE (snapshot, number)
) STRICT;

CREATE TABLE directory (
  id INTEGER PRIMARY KEY,
  archive INTEGER NOT NULL,
  parent INTEGER NOT NULL,
  name BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX directory_name ON directory (parent, name);

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  directory INTEGER NOT NULL,
  name BLOB NOT NULL,
  first INTEGER NOT NULL,
  gone INTEGER,
  segment INTEGER NOT NULL,
  condition INTEGER NOT NULL,
  size INTEGER NOT NULL,
  facts BLOB NOT NULL,
  link BLOB
) STRICT;
CREATE UNIQUE INDEX entry_place ON entry (directory, name, first);
CREATE INDEX entry_gone ON entry (gone) WHERE gone IS NOT NULL;

CREATE TABLE entry_name (
  run INTEGER NOT NULL,
  name BLOB NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY (run, name, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE piece (
  entry INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  PRIMARY KEY (entry, offset)
) STRICT, WITHOUT ROWID;
CREATE INDEX piece_segment ON piece (segment);

CREATE TABLE cartridge (
  barcode TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  pool TEXT,
  state TEXT NOT NULL,
  place TEXT NOT NULL,
  capacity_bytes INTEGER,
  seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE movement (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  barcode TEXT NOT NULL REFERENCES cartridge (barcode),
  time_ms INTEGER NOT NULL,
  origin TEXT NOT NULL,
  destination TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL
) STRICT;
CREATE INDEX movement_barcode ON movement (barcode);

CREATE TABLE volume (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  barcode TEXT NOT NULL REFERENCES cartridge (barcode),
  pool TEXT NOT NULL,
  block_size_bytes INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  objects INTEGER NOT NULL,
  bytes_written INTEGER NOT NULL,
  session_open INTEGER NOT NULL,
  verified_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX volume_current ON volume (barcode) WHERE state <> 'retired';
CREATE INDEX volume_pool ON volume (pool);

CREATE TABLE object (
  volume INTEGER NOT NULL REFERENCES volume (id),
  number INTEGER NOT NULL,
  role TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  written_ms INTEGER NOT NULL,
  PRIMARY KEY (volume, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE copy (
  volume INTEGER NOT NULL REFERENCES volume (id),
  object INTEGER NOT NULL,
  segment INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  written_ms INTEGER NOT NULL,
  checked_ms INTEGER,
  PRIMARY KEY (volume, object)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX copy_segment ON copy (segment, volume);

CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  started_ms INTEGER NOT NULL,
  owner_host TEXT NOT NULL,
  owner_boot_id TEXT NOT NULL,
  owner_process_id INTEGER NOT NULL,
  owner_process_start TEXT NOT NULL,
  interrupted INTEGER NOT NULL,
  finished_ms INTEGER,
  severity TEXT,
  summary TEXT,
  progress TEXT NOT NULL
) STRICT;
CREATE INDEX job_unfinished ON job (subject) WHERE finished_ms IS NULL;

CREATE TABLE job_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL REFERENCES job (id),
  time_ms INTEGER NOT NULL,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX job_event_job ON job_event (job);
`;
