import type { CampaignCase, Family } from "./contract.ts";
import { Crew } from "./crew.ts";
import { evenly } from "./draw.ts";
import type { EndedCase, InAll } from "./report.ts";

export interface FamilyRun {
  readonly family: Family;
  readonly ended: readonly EndedCase[];
  readonly inAll: InAll;
}

export interface CampaignRequest {
  readonly families: readonly Family[];
  readonly seed: number;
  /** Only this case; all in the order of the seed when undefined. */
  readonly id: string | undefined;
  /** Whether no more case is to be begun. */
  readonly isOver: () => boolean;
  /** Hears of each case when it has ended: whoever watches a long run need not wait for its end. */
  readonly heard?: (ended: EndedCase) => void;
  readonly crewFor?: (family: Family) => Crew;
}

/** Families run side by side, each in its own process, until the time is over or all cases were run. */
export async function runCampaign(request: CampaignRequest): Promise<readonly FamilyRun[]> {
  const { families, seed, id, isOver, heard, crewFor = (family: Family) => new Crew(family) } = request;
  return await Promise.all(families.map(async (family) => {
    const crew = crewFor(family);
    const ended: EndedCase[] = [];
    try {
      const all = await crew.open();
      for (const { id: next, row } of order(all, seed, id)) {
        // One at least: a machine that is busy with the preparations still proves something of each family.
        if (ended.length > 0 && isOver()) break;
        const one = { id: next, row, ...await crew.run(next) };
        ended.push(one);
        heard?.(one);
      }
      return { family, ended, inAll: { cases: all.length, rows: new Set(all.map(({ row }) => row)).size } };
    } finally {
      crew.close();
    }
  }));
}

function order(all: readonly CampaignCase[], seed: number, id: string | undefined): readonly CampaignCase[] {
  if (id === undefined) return evenly(all, ({ kind, row }) => kind ?? row, seed);
  const one = all.find((each) => each.id === id);
  if (one === undefined) throw new Error(`there is no case ${id}`);
  return [one];
}
