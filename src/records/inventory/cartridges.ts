import { StrongroomError, printable } from "../../words/index.ts";
import type { Store } from "../store/index.ts";
import type { CartridgeRecord, Inventory, MovementRecord } from "./contract.ts";

interface CartridgeRow {
  readonly barcode: string;
  readonly kind: CartridgeRecord["kind"];
  readonly pool: string | null;
  readonly state: CartridgeRecord["state"];
  readonly place: string;
  readonly capacity_bytes: number | null;
  readonly seen_ms: number;
}

interface MovementRow {
  readonly barcode: string;
  readonly time_ms: number;
  readonly origin: string;
  readonly destination: string;
  readonly who: string;
  readonly why: string;
}

export function cartridgeTable(store: Store) {
  const put = store.query(
    `INSERT INTO cartridge (barcode, kind, pool, state, place, capacity_bytes, seen_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (barcode) DO UPDATE SET kind = excluded.kind, pool = excluded.pool, state = excluded.state,
       place = excluded.place, capacity_bytes = excluded.capacity_bytes, seen_ms = excluded.seen_ms`,
  );
  const select = store.query<CartridgeRow>("SELECT * FROM cartridge WHERE barcode = ?");
  const selectAll = store.query<CartridgeRow>("SELECT * FROM cartridge ORDER BY barcode");
  const addMovement = store.query(
    `INSERT INTO movement (barcode, time_ms, origin, destination, who, why)
     SELECT barcode, ?, ?, ?, ?, ? FROM cartridge WHERE barcode = ?`,
  );
  const setPlace = store.query("UPDATE cartridge SET place = ?, seen_ms = max(seen_ms, ?) WHERE barcode = ?");
  const selectMovements = store.query<MovementRow>("SELECT * FROM movement WHERE barcode = ? ORDER BY id");

  return {
    putCartridge: ({ barcode, kind, pool, state, place, capacityBytes, seenMs }) => {
      put.run(barcode, kind, pool ?? null, state, place, capacityBytes ?? null, seenMs);
    },
    cartridge: (barcode: string): CartridgeRecord | undefined => {
      const row = select.get(barcode);
      return row === undefined ? undefined : cartridgeRecord(row);
    },
    cartridges: () => selectAll.all().map(cartridgeRecord),
    recordMovement: ({ barcode, timeMs, from, to, who, why }) => {
      store.transaction(() => {
        if (addMovement.run(timeMs, from, to, who, why, barcode).changes === 0) throw cartridgeUnknown(barcode);
        setPlace.run(to, timeMs, barcode);
      });
    },
    movements: (barcode: string) => selectMovements.all(barcode).map(movementRecord),
  } satisfies Partial<Inventory>;
}

export function cartridgeUnknown(barcode: string): StrongroomError {
  return new StrongroomError("missing", "CARTRIDGE_UNKNOWN", `no cartridge is known by the barcode ${printable(barcode)}`, {
    hint: "take stock of the library that holds it: strongroom library audit NAME",
  });
}

function cartridgeRecord(row: CartridgeRow): CartridgeRecord {
  const { barcode, kind, state, place } = row;
  const capacityBytes = row.capacity_bytes ?? undefined;
  return { barcode, kind, pool: row.pool ?? undefined, state, place, capacityBytes, seenMs: row.seen_ms };
}

function movementRecord(row: MovementRow): MovementRecord {
  const { barcode, who, why } = row;
  return { barcode, timeMs: row.time_ms, from: row.origin, to: row.destination, who, why };
}
