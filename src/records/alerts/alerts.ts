import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { replaceFile } from "../state/index.ts";
import type { FileLock } from "../state/index.ts";
import { type Acknowledgement, acknowledgementsKept, type AlertRecords } from "./contract.ts";

/** Far beyond a thousand of them. */
const largestBytes = 1024 * 1024;

const shape = z.array(z.object({
  subject: z.string(), flag: z.number().int(), who: z.string(), timeMs: z.number(), endedMs: z.number().optional(),
}));

/**
 * Kept in one small file beside the database, replaced as a whole under its lock. Where it cannot be read there are none: alerts that somebody knows
 * come up again, and none is hidden.
 */
export function openAlerts(path: string, lock: () => FileLock): AlertRecords {
  const change = (to: (before: readonly Acknowledgement[]) => readonly Acknowledgement[]): void => {
    const held = lock();
    try {
      replaceFile(path, `${JSON.stringify(to(read(path)).slice(-acknowledgementsKept), undefined, 1)}\n`);
    } finally {
      held.release();
    }
  };
  const standing = (subject: string): readonly Acknowledgement[] => read(path).filter((one) => one.subject === subject && one.endedMs === undefined);
  return {
    acknowledge: (one) => {
      change((before) => (before.some((known) => isSame(known, one)) ? before : [...before, { ...one, endedMs: undefined }]));
    },
    standing,
    settle: (subject, flags, timeMs) => {
      const isOver = (one: Acknowledgement): boolean => one.subject === subject && one.endedMs === undefined && !flags.includes(one.flag);
      if (standing(subject).some(isOver)) change((before) => before.map((one) => (isOver(one) ? { ...one, endedMs: timeMs } : one)));
    },
    all: () => read(path),
  };
}

function isSame(known: Acknowledgement, { subject, flag }: Pick<Acknowledgement, "subject" | "flag">): boolean {
  return known.subject === subject && known.flag === flag && known.endedMs === undefined;
}

function read(path: string): readonly Acknowledgement[] {
  try {
    if (statSync(path).size > largestBytes) return [];
    return shape.parse(JSON.parse(readFileSync(path, "utf8"))).map((one) => ({ ...one, endedMs: one.endedMs }));
  } catch {
    return [];
  }
}
