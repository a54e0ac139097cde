import { dirtOf } from "../home/index.ts";
import { type SenseFields, senses } from "../wire/index.ts";
import type { Direction } from "./care/index.ts";
import type { Drive } from "./model.ts";

/** A block passes the head: what a dirty one makes of it, which is counted and, where nothing helps, told. The block is as good as before. */
export function passHead(drive: Drive, direction: Direction): SenseFields | undefined {
  const passed = drive.head.pass(dirtOf(drive.life.care()));
  if (passed === "corrected") drive.errors.add(direction, { retries: 1 });
  if (passed !== "failed") return undefined;
  return direction === "reading" ? senses.unreadable : senses.unwritable;
}
