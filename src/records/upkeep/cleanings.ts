import type { Store } from "../store/index.ts";
import type { CleaningCartridge, CleaningRecord, Upkeep } from "./contract.ts";

interface CartridgeRow {
  readonly barcode: string;
  readonly uses: number;
  readonly max_uses: number | null;
  readonly state: CleaningCartridge["state"];
  readonly seen_ms: number;
}

interface CleaningRow {
  readonly time_ms: number;
  readonly library: string;
  readonly drive: number;
  readonly drive_serial: string;
  readonly barcode: string;
  readonly outcome: CleaningRecord["outcome"];
  readonly who: string;
  readonly why: string;
}

export function cleaningTables(store: Store) {
  const put = store.query(
    `INSERT INTO cleaning_cartridge (barcode, uses, max_uses, state, seen_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (barcode) DO UPDATE SET uses = excluded.uses, max_uses = excluded.max_uses, state = excluded.state, seen_ms = excluded.seen_ms`,
  );
  const select = store.query<CartridgeRow>("SELECT * FROM cleaning_cartridge WHERE barcode = ?");
  const selectAll = store.query<CartridgeRow>("SELECT * FROM cleaning_cartridge ORDER BY barcode");
  const count = store.query(
    `INSERT INTO cleaning_cartridge (barcode, uses, max_uses, state, seen_ms) VALUES (?, 1, NULL, 'usable', ?)
     ON CONFLICT (barcode) DO UPDATE SET uses = uses + 1, seen_ms = excluded.seen_ms`,
  );
  const insert = store.query(
    "INSERT INTO cleaning (time_ms, library, drive, drive_serial, barcode, outcome, who, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const selectCleanings = store.query<CleaningRow>("SELECT * FROM cleaning WHERE library = ? AND drive = ? ORDER BY id DESC LIMIT ?");

  return {
    putCleaningCartridge: ({ barcode, uses, maxUses, state, seenMs }) => {
      put.run(barcode, uses, maxUses ?? null, state, seenMs);
    },
    cleaningCartridge: (barcode: string): CleaningCartridge | undefined => {
      const row = select.get(barcode);
      return row === undefined ? undefined : cartridgeOf(row);
    },
    cleaningCartridges: () => selectAll.all().map(cartridgeOf),
    addCleaning: ({ timeMs, library, drive, driveSerial, barcode, outcome, who, why }) => {
      store.transaction(() => {
        insert.run(timeMs, library, drive, driveSerial, barcode, outcome, who, why);
        // What became of one that failed is in its memory, if anywhere.
        if (outcome === "cleaned" || outcome === "still-dirty") count.run(barcode, timeMs);
      });
    },
    cleanings: (library: string, drive: number, limit: number) => selectCleanings.all(library, drive, limit).map(cleaningOf),
  } satisfies Partial<Upkeep>;
}

function cartridgeOf(row: CartridgeRow): CleaningCartridge {
  return { barcode: row.barcode, uses: row.uses, maxUses: row.max_uses ?? undefined, state: row.state, seenMs: row.seen_ms };
}

function cleaningOf(row: CleaningRow): CleaningRecord {
  const { library, drive, barcode, outcome, who, why } = row;
  return { timeMs: row.time_ms, library, drive, driveSerial: row.drive_serial, barcode, outcome, who, why };
}
