import { z } from "zod";
import { parseLine } from "./lines.ts";

/*
 * What the appliance knew, when a trailer was written, of its archives, snapshots, pools and volumes: what a rebuild of the records could not
 * learn from the sessions themselves. One JSON object a line, encrypted like the catalog. The newest trailer of all has the last word.
 */

export type RecordsLine = RecordsArchiveLine | RecordsSnapshotLine | RecordsPoolLine | RecordsVolumeLine;

export interface RecordsArchiveLine {
  readonly line: "archive";
  readonly archive: string;
  readonly name: string;
  /** Sources and policy as in config.json; undefined for an archive that had left the configuration. */
  readonly policy?: Readonly<Record<string, unknown>> | undefined;
}

/** A complete snapshot. Times are milliseconds since 1970. */
export interface RecordsSnapshotLine {
  readonly line: "snapshot";
  readonly archive: string;
  readonly snapshot: number;
  readonly started_ms: number;
  readonly finished_ms: number;
  readonly entries: number;
  readonly content_bytes: number;
  readonly new_entries: number;
  readonly new_content_bytes: number;
  readonly sealed_bytes: number;
  readonly troubled_entries: number;
}

export interface RecordsPoolLine {
  readonly line: "pool";
  readonly name: string;
  /** As in config.json. */
  readonly policy: Readonly<Record<string, unknown>>;
}

/** Every volume that ever was, also those that were overwritten. */
export interface RecordsVolumeLine {
  readonly line: "volume";
  readonly volume: string;
  readonly barcode: string;
  readonly pool: string;
  readonly medium: "tape" | "folder";
  readonly place: string;
  readonly capacity_bytes: number | null;
  readonly block_size_bytes: number;
  readonly created_ms: number;
  readonly state: "open" | "full" | "closed" | "retired";
  readonly objects: number;
  readonly bytes_written: number;
  readonly verified_ms: number | null;
}

/** The line with its newline. */
export function encodeRecordsLine(line: RecordsLine): string {
  return `${JSON.stringify(line)}\n`;
}

const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const name = z.string().min(1).max(255);
const natural = z.int().min(0);
const policy = z.record(z.string(), z.unknown());
const schema: z.ZodType<RecordsLine> = z.discriminatedUnion("line", [
  z.object({ line: z.literal("archive"), archive: uuid, name, policy: policy.optional() }),
  z.object({
    line: z.literal("snapshot"),
    archive: uuid,
    snapshot: natural,
    started_ms: natural,
    finished_ms: natural,
    entries: natural,
    content_bytes: natural,
    new_entries: natural,
    new_content_bytes: natural,
    sealed_bytes: natural,
    troubled_entries: natural,
  }),
  z.object({ line: z.literal("pool"), name, policy }),
  z.object({
    line: z.literal("volume"),
    volume: uuid,
    barcode: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/),
    pool: name,
    medium: z.enum(["tape", "folder"]),
    place: z.string().max(4096),
    capacity_bytes: natural.nullable(),
    block_size_bytes: natural,
    created_ms: natural,
    state: z.enum(["open", "full", "closed", "retired"]),
    objects: natural,
    bytes_written: natural,
    verified_ms: natural.nullable(),
  }),
]);

/** Reads one line without its newline. Throws `CATALOG_WRONG`. */
export function decodeRecordsLine(text: string): RecordsLine {
  return parseLine(text, schema);
}
