import { z } from "zod";
import { rfc3339, severities, type Severity } from "../../words/index.ts";
import { bytesOfName, lineWrong, nameFields, parseLine } from "./lines.ts";

/** What happened while a session's segments were made and written: one JSON object a line, encrypted like the catalog. */
export interface LogLine {
  readonly atMs: number;
  readonly severity: Severity;
  /** Stable, upper case. */
  readonly code: string;
  /** For people. */
  readonly text: string;
  readonly archiveUuid?: string;
  readonly snapshot?: number;
  readonly path?: Uint8Array;
}

/** The line with its newline. */
export function encodeLogLine(line: LogLine): string {
  return `${JSON.stringify({
    time: rfc3339(line.atMs),
    severity: line.severity,
    code: line.code,
    text: line.text,
    ...(line.archiveUuid === undefined ? {} : { archive: line.archiveUuid }),
    ...(line.snapshot === undefined ? {} : { snapshot: line.snapshot }),
    ...(line.path ? nameFields("path", line.path) : {}),
  })}\n`;
}

const schema = z.object({
  time: z.iso.datetime(),
  severity: z.enum(severities),
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
  text: z.string(),
  archive: z.string().optional(),
  snapshot: z.int().min(1).optional(),
  path: z.string().optional(),
  path_b64: z.base64().optional(),
});

/** Reads one line without its newline. Throws `CATALOG_WRONG`. */
export function decodeLogLine(text: string): LogLine {
  const json = parseLine(text, schema);
  const path = bytesOfName(json.path, json.path_b64);
  if (path?.length === 0) throw lineWrong("a line has an empty path");
  return {
    atMs: Date.parse(json.time),
    severity: json.severity,
    code: json.code,
    text: json.text,
    ...(json.archive === undefined ? {} : { archiveUuid: json.archive }),
    ...(json.snapshot === undefined ? {} : { snapshot: json.snapshot }),
    ...(path ? { path } : {}),
  };
}
