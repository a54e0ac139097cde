import type { ArchiveConfig, VolumeStanding } from "../records/index.ts";
import type { CopyCounts, StatusReport } from "./status-contract.ts";

type Remark = StatusReport["remarks"][number];

const states = ["written", "verified", "doubted", "missing", "bad"] as const;

/** The copies of one pool, each counted once. */
export function copyCounts(standings: readonly VolumeStanding[], pool: string): CopyCounts {
  const counts = { written: 0, verified: 0, doubted: 0, missing: 0, bad: 0 };
  for (const standing of standings) if (standing.pool === pool) for (const state of states) counts[state] += standing[state];
  return counts;
}

/** Volumes whose copies nobody should count on, where their pool has no others of the same segments: what is in doubt, what is gone, and what to do. */
export function standingRemarks(standings: readonly VolumeStanding[], archives: readonly ArchiveConfig[]): readonly Remark[] {
  return standings.filter(({ uncovered }) => uncovered > 0).map((standing) => (standing.missing > 0 ? missingRemark : doubtedRemark)(standing, mendCommand(standing, archives)));
}

function doubtedRemark({ barcode, pool, doubted }: VolumeStanding, mend: string): Remark {
  const text = `volume ${barcode} of pool ${pool} was closed after an error: ${copies(doubted)} on it ${doubted === 1 ? "is" : "are"} in doubt until read again`;
  return { severity: "warn", code: "COPIES_DOUBTED", text, hint: `read it: strongroom volume verify ${barcode}; where that cannot be, make them anew: ${mend}` };
}

function missingRemark({ barcode, pool, missing, place }: VolumeStanding, mend: string): Remark {
  const text = `volume ${barcode} of pool ${pool} is ${place}, and nobody took it out through a mail slot: ${copies(missing)} on it cannot be had`;
  return { severity: "warn", code: "VOLUME_NOT_IN_PLACE", text, hint: `find it, put it back, and run: strongroom library audit LIBRARY; if it is lost, make them anew: ${mend}` };
}

function mendCommand({ pool, barcode }: VolumeStanding, archives: readonly ArchiveConfig[]): string {
  const using = archives.filter(({ pools }) => pools.includes(pool));
  return `strongroom archive mend ${using.length === 1 ? using[0]!.name : "NAME"} --without ${barcode}`;
}

function copies(count: number): string {
  return `${String(count)} ${count === 1 ? "copy" : "copies"}`;
}
