import type { Store } from "../store/index.ts";
import { type HealthReading, readingsKept, type Upkeep } from "./contract.ts";

interface ReadingRow {
  readonly subject: string;
  readonly time_ms: number;
  readonly numbers: string;
}

export function readingTable(store: Store) {
  const insert = store.query("INSERT INTO health_reading (subject, time_ms, numbers) VALUES (?, ?, ?)");
  const forget = store.query(
    `DELETE FROM health_reading WHERE subject = ? AND id <=
       (SELECT id FROM health_reading WHERE subject = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
  );
  const select = store.query<ReadingRow>("SELECT * FROM health_reading WHERE subject = ? ORDER BY id DESC LIMIT ?");
  const readings = (subject: string, limit: number): readonly HealthReading[] => select.all(subject, limit).map(readingOf);

  return {
    addReading: ({ subject, timeMs, numbers }) => {
      store.transaction(() => {
        insert.run(subject, timeMs, JSON.stringify(numbers));
        forget.run(subject, subject, readingsKept);
      });
    },
    lastReading: (subject: string) => readings(subject, 1)[0],
    readings,
  } satisfies Partial<Upkeep>;
}

function readingOf({ subject, time_ms: timeMs, numbers }: ReadingRow): HealthReading {
  return { subject, timeMs, numbers: JSON.parse(numbers) as Record<string, number> };
}
