import { DatabaseSync } from "node:sqlite";

/**
 * The records as rows under names that mean the same in any database: no row numbers, times of volumes to the second (volumes say no more),
 * and without what volumes cannot know (docs/RELIABILITY.md).
 */
export function recordsTables(path: string): Readonly<Record<string, readonly string[]>> {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = (sql: string): readonly string[] => database.prepare(sql).all().map((row) => JSON.stringify(row, bytesAsText)).sort();
  try {
    return {
      archives: rows("SELECT name, uuid, last_snapshot FROM archive"),
      snapshots: rows(`SELECT a.name, s.number, s.base, s.started_ms / 1000 AS started, s.entries, s.content_bytes, s.new_entries, s.new_content_bytes,
        s.sealed_bytes, s.troubled_entries, s.finished_ms IS NOT NULL AS complete FROM snapshot s JOIN archive a ON a.id = s.archive`),
      segments: rows(`SELECT a.name, s.number AS snapshot, g.number, g.sealed_bytes, g.sealed_sha256, g.tar_bytes, g.first_member_offset, g.seal_text,
        g.sealed_at_ms / 1000 AS sealed_at FROM segment g JOIN snapshot s ON s.id = g.snapshot JOIN archive a ON a.id = s.archive`),
      entries: rows(`WITH RECURSIVE path (id, text) AS (
          SELECT id, hex(name) FROM directory WHERE parent < 0
          UNION ALL SELECT d.id, path.text || '/' || hex(d.name) FROM directory d JOIN path ON d.parent = path.id)
        SELECT a.name, path.text || '/' || hex(e.name) AS path, f.number AS first, o.number AS gone, g.number AS segment, e.condition, e.size,
          hex(e.facts) AS facts, hex(e.link) AS link FROM entry e JOIN path ON path.id = e.directory JOIN directory d ON d.id = e.directory
          JOIN archive a ON a.id = d.archive JOIN snapshot f ON f.id = e.first LEFT JOIN snapshot o ON o.id = e.gone JOIN segment g ON g.id = e.segment`),
      names: rows(`SELECT a.name AS archive, hex(n.name) AS name, f.number AS first, count(*) AS count FROM entry_name n JOIN entry e ON e.id = n.entry
        JOIN snapshot f ON f.id = e.first JOIN archive a ON a.id = f.archive GROUP BY 1, 2, 3`),
      pieces: rows(`SELECT a.name AS archive, s.number AS snapshot, g.number AS segment, hex(e.name) AS name, p.offset, p.length, hex(p.sha256) AS sha256
        FROM piece p JOIN entry e ON e.id = p.entry JOIN segment g ON g.id = p.segment JOIN snapshot s ON s.id = g.snapshot JOIN archive a ON a.id = s.archive`),
      leftOut: rows(`SELECT a.name, s.number, hex(l.path) AS path, l.code, l.severity, l.text FROM left_out l JOIN snapshot s ON s.id = l.snapshot
        JOIN archive a ON a.id = s.archive`),
      // Of what a job was doing when it wrote a trailer, that trailer does not know the end; and the last of all closed the last one.
      jobs: rows(`SELECT id, kind, subject, requested_by, severity, summary, started_ms / 1000 AS started FROM job
        WHERE kind = 'archive run' AND severity IS NOT NULL AND id < 7`),
      // In which slot or drive a tape is changes with every reading: `library show` and the records agree on that, which is proven elsewhere.
      cartridges: rows("SELECT barcode, kind, pool, state, iif(kind = 'tape', substr(place, 1, 11), place) AS place, capacity_bytes FROM cartridge"),
      volumes: rows("SELECT uuid, barcode, pool, block_size_bytes, created_ms, state, objects, bytes_written, session_open FROM volume"),
      objects: rows("SELECT v.uuid, o.number, o.role, o.size_bytes, o.sha256 FROM object o JOIN volume v ON v.id = o.volume WHERE v.state <> 'retired'"),
      copies: rows(`SELECT a.name, s.number AS snapshot, g.number AS segment, v.uuid, c.object FROM copy c JOIN volume v ON v.id = c.volume
        JOIN segment g ON g.id = c.segment JOIN snapshot s ON s.id = g.snapshot JOIN archive a ON a.id = s.archive WHERE v.state <> 'retired'`),
    };
  } finally {
    database.close();
  }
}

function bytesAsText(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}
