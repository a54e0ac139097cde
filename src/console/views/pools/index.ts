import type { PoolInfo } from "../../../operations/index.ts";
import { formatBytes } from "../../../words/index.ts";
import type { Row, Scene, View } from "../contract.ts";
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
  const { written, verified, bad } = pool.copies;
  const place = pool.library ?? pool.folders?.join(", ") ?? "";
  const used = pool.volumeCount > 0 ? { refused: words.refusals.poolUsed(pool.volumeCount) } : {};
  return {
    key: `pool ${pool.name}`,
    cells: [name(pool.name), String(pool.volumeCount), formatBytes(pool.bytesWritten), `${String(verified)} ok ${String(written)} - ${String(bad)} bad`, name(place)],
    style: bad > 0 ? "err" : "plain",
    detail: [
      ...(bad > 0 ? fact(words.facts.advice, words.today.copiesBad(name(pool.name), bad), "err") : []),
      ...(written > 0 ? fact(words.facts.lastVerified, words.today.copiesUnread(name(pool.name), written), "warn") : []),
    ],
    actions: [
      { id: "showPool", ...words.actions.showPool, words: () => ["pool", "show", pool.name] },
      {
        id: "removePool", ...words.actions.removePool, ...used,
        danger: { level: "moderate", what: [words.actions.removePool.tooltip] },
        words: () => ["pool", "remove", pool.name, "--yes"],
      },
      ...makePools(scene),
    ],
  };
}
