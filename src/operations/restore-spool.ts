import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Spool } from "../work/spool/index.ts";
import { configOf, type OperationParts } from "./parts.ts";

const folderName = /^restore-(\d+)$/;

/**
 * A spool of its own for one restore: it may fetch a segment that a run or another restore has in hand, and neither may take it from the other. As
 * large as the appliance's spool at most. What restores that were killed left behind is removed.
 */
export function openRestoreSpool(parts: OperationParts, jobId: number): { readonly spool: Spool; close(): void } {
  const { path, maxBytes } = configOf(parts).spool;
  const folder = path ?? parts.state.spoolPath;
  for (const name of readdirSync(folder)) {
    const owner = folderName.exec(name)?.[1];
    if (owner !== undefined && parts.journal.job(Number(owner))?.state !== "running") rmSync(join(folder, name), { recursive: true, force: true });
  }
  const own = join(folder, `restore-${String(jobId)}`);
  return {
    spool: new Spool(own, maxBytes),
    close: () => { rmSync(own, { recursive: true, force: true }); },
  };
}
