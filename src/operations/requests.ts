import { existsSync } from "node:fs";
import { OperatorRequests, type RunningJob } from "../jobs/index.ts";
import { StrongroomError } from "../words/index.ts";
import type { TapeLibrary } from "../work/mount/index.ts";
import { configOf, type OperationParts } from "./parts.ts";
import type { Workshop } from "./workshop.ts";

/** What a job asks people for, and how it sees that they have done it: a cartridge came, a door was closed, a disk attached. */
export function operatorRequests(parts: OperationParts, workshop: Workshop, job: RunningJob, limitMs: number): OperatorRequests {
  return new OperatorRequests({
    job,
    clock: parts.clock,
    limitMs,
    escalateMs: escalateMsOf(parts),
    look: async () => {
      const seen: string[] = [];
      for (const library of workshop.libraries()) seen.push(await sightOf(library));
      for (const { barcode, kind, place } of parts.inventory.cartridges()) {
        if (kind === "folder") seen.push(`${barcode} ${String(existsSync(place))}`);
      }
      return seen.join("\n");
    },
  });
}

function escalateMsOf(parts: OperationParts): number | undefined {
  const { notify } = configOf(parts);
  return notify && notify.escalateMinutes * 60_000;
}

async function sightOf(library: TapeLibrary): Promise<string> {
  try {
    const { code } = await library.condition();
    const { elements } = await library.inventory();
    return JSON.stringify([code, elements.map(({ kind, number, full, barcode, accessible }) => [kind, number, full, barcode, accessible])]);
  } catch (error) {
    if (error instanceof StrongroomError) return `${library.name} ${error.code}`;
    throw error;
  }
}
