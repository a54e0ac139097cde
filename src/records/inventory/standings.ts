import type { Store } from "../store/index.ts";
import type { Inventory, VolumeStanding } from "./contract.ts";

interface StandingRow extends Omit<VolumeStanding, "volumeUuid"> {
  readonly uuid: string;
}

/** How the places of cartridges begin that a library had and has no more, though nobody took them out with its consent. */
export const missingPlace = "not in library ";

/** Each copy that is not on a retired volume, with what speaks against it; `unsure`: it may be good, but nobody should count on it. */
const judged = `judged AS (
  SELECT c.segment, c.volume, c.state, v.pool, c.state <> 'bad' AND m.place LIKE '${missingPlace}%' AS missing,
    c.state <> 'bad' AND c.doubted AND m.place NOT LIKE '${missingPlace}%' AS doubted
  FROM copy c JOIN volume v ON v.id = c.volume JOIN cartridge m ON m.barcode = v.barcode WHERE v.state <> 'retired')`;

export function standingTable(store: Store) {
  const select = store.query<StandingRow>(
    `WITH ${judged} SELECT v.uuid, v.barcode, v.pool, v.state, m.place,
       count(*) FILTER (WHERE j.state = 'written' AND NOT j.missing AND NOT j.doubted) AS written,
       count(*) FILTER (WHERE j.state = 'verified' AND NOT j.missing AND NOT j.doubted) AS verified,
       count(*) FILTER (WHERE j.state = 'bad') AS bad, sum(j.doubted) AS doubted, sum(j.missing) AS missing,
       count(*) FILTER (WHERE (j.doubted OR j.missing) AND NOT EXISTS (
         SELECT 1 FROM copy c JOIN volume o ON o.id = c.volume JOIN cartridge p ON p.barcode = o.barcode
         WHERE c.segment = j.segment AND c.volume <> j.volume AND o.pool = j.pool AND o.state <> 'retired' AND c.state <> 'bad'
           AND NOT c.doubted AND p.place NOT LIKE '${missingPlace}%')) AS uncovered
     FROM judged j JOIN volume v ON v.id = j.volume JOIN cartridge m ON m.barcode = v.barcode GROUP BY v.id ORDER BY v.id`,
  );
  return {
    standings: () => select.all().map(({ uuid, ...row }): VolumeStanding => ({ volumeUuid: uuid, ...row })),
  } satisfies Partial<Inventory>;
}
