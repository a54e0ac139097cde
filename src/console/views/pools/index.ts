import type { PoolInfo } from "../../../operations/index.ts";
import { formatBytes } from "../../../words/index.ts";
import type { Action, Row, Scene, View } from "../contract.ts";
import { fact, name } from "../phrases.ts";
import { makePools } from "../setup/index.ts";

export const pools: View = {
  id: "pools",
  columns: ({ columns }) => [
    { title: columns.pool, cells: 0, rank: 0 },
    { title: columns.volumes, cells: 8, right: true, rank: 0 },
    { title: columns.written, cells: 10, right: true, rank: 0 },
    { title: columns.copies, cells: 22, rank: 1 },
    { title: columns.place, cells: 18, rank: 2 },
  ],
  rows: (scene) => scene.appliance.pools.map((pool) => rowOf(pool, scene)),
  empty: ({ views }) => views.pools.empty,
};

function rowOf(pool: PoolInfo, scene: Scene): Row {
  const { words } = scene;
  const { verified, bad, doubted, missing } = pool.copies;
  const written = pool.copies.written + doubted + missing;
  const place = pool.library ?? pool.folders?.join(", ") ?? "";
  return {
    key: `pool ${pool.name}`,
    cells: [name(pool.name), String(pool.volumeCount), formatBytes(pool.bytesWritten), `${String(verified)} ok ${String(written)} - ${String(bad)} bad`, name(place)],
    style: bad > 0 ? "err" : "plain",
    detail: [
      ...(bad > 0 ? fact(words.facts.advice, words.today.copiesBad(name(pool.name), bad), "err") : []),
      ...(written > 0 ? fact(words.facts.lastVerified, words.today.copiesUnread(name(pool.name), written), "warn") : []),
    ],
    // A pool has thousands of volumes, and only the selected one's are asked for.
    get actions() { return actionsOf(pool, scene); },
  };
}

function actionsOf(pool: PoolInfo, scene: Scene): readonly Action[] {
  const { words } = scene;
  const used = pool.volumeCount > 0 ? { refused: words.refusals.poolUsed(pool.volumeCount) } : {};
  return [
    { id: "showPool", ...words.actions.showPool, words: () => ["pool", "show", pool.name] },
    ...exchangesOf(pool, scene),
    {
      id: "removePool", ...words.actions.removePool, ...used,
      danger: { level: "moderate", what: [words.actions.removePool.tooltip] },
      words: () => ["pool", "remove", pool.name, "--yes"],
    },
    ...makePools(scene),
  ];
}

/** All of a pool: what of it is inside to take out, what is outside as the list of what is expected. */
function exchangesOf(pool: PoolInfo, { appliance, words: { actions, refusals, exchange } }: Scene): readonly Action[] {
  const { library } = pool;
  if (library === undefined) return [];
  const all = appliance.volumes.filter((volume) => volume.pool === pool.name && volume.state !== "retired").map(({ barcode }) => barcode);
  const held = new Set(appliance.libraries.flatMap(({ shown }) => shown?.elements.flatMap(({ barcode }) => barcode ?? []) ?? []));
  const [inside, outside] = [all.filter((barcode) => held.has(barcode)), all.filter((barcode) => !held.has(barcode))];
  const action = (id: "takeOutMany" | "bringInMany", direction: "out" | "in", barcodes: readonly string[]): Action => ({
    id, ...actions[id], text: barcodes.length === 0 ? actions[id].text : `${actions[id].text}: ${exchange.listing(barcodes.length)}`,
    ...(direction === "out" && barcodes.length === 0 ? { refused: refusals.noVolume() } : {}),
    opens: { kind: "exchange", direction, library, barcodes }, words: () => ["pool", "show", pool.name],
  });
  return [action("takeOutMany", "out", inside), action("bringInMany", "in", outside)];
}
