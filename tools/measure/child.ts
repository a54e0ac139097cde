import { readFileSync } from "node:fs";
import { archiveOnce, type ArchiveRequest, restoreOnce, type RestoreRequest } from "./appliance.ts";
import { type OpenRequest, restoreSealed } from "./opening.ts";
import { sealAlone, type SealRequest } from "./sealing.ts";

/** What a measured process of ours is asked to do: it does that alone, so that its memory and time are of that alone. */
export type ChildRequest =
  | ({ readonly job: "seal" } & SealRequest)
  | ({ readonly job: "open" } & OpenRequest)
  | ({ readonly job: "archive" } & ArchiveRequest)
  | ({ readonly job: "restore" } & RestoreRequest);

/** What it says at its end, as one line of JSON. */
export interface ChildReport {
  readonly contentBytes: number;
  readonly peakRssBytes: number;
}

async function perform(request: ChildRequest): Promise<number> {
  switch (request.job) {
    case "seal":
      return await sealAlone(request);
    case "open":
      return await restoreSealed(request);
    case "archive":
      return await archiveOnce(request);
    case "restore":
      return await restoreOnce(request);
  }
}

const contentBytes = await perform(JSON.parse(readFileSync(process.argv[2]!, "utf8")) as ChildRequest);
const report: ChildReport = { contentBytes, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
console.log(JSON.stringify(report));
