import type { PoolConfig } from "../records/index.ts";
import { printable, StrongroomError } from "../words/index.ts";
import type { PoolInfo, PoolOperations } from "./contract.ts";
import { copyCounts } from "./copy-standing.ts";
import { namedPool } from "./named.ts";
import { configOf, type OperationParts } from "./parts.ts";

export function poolOperations(parts: OperationParts): PoolOperations {
  return {
    create: async (pool) => {
      parts.configStore.addPool(pool);
      return Promise.resolve();
    },
    list: async () => Promise.resolve(configOf(parts).pools.map((pool) => infoOf(parts, pool))),
    show: async (name) => {
      const pool = namedPool(configOf(parts), name);
      return Promise.resolve({ ...infoOf(parts, pool), volumes: parts.inventory.volumesOfPool(name) });
    },
    set: async (name, change) => {
      namedPool(configOf(parts), name);
      parts.configStore.setPool(name, change);
      return Promise.resolve(infoOf(parts, namedPool(configOf(parts), name)));
    },
    remove: async (name) => {
      namedPool(configOf(parts), name);
      refuseWhileUsed(parts, name);
      parts.configStore.removePool(name);
      return Promise.resolve();
    },
  };
}

/** At most so many are told. */
const toldLimit = 8;

function refuseWhileUsed(parts: OperationParts, name: string): void {
  const archives = configOf(parts).archives.filter(({ pools }) => pools.includes(name)).map((archive) => `archive ${archive.name}`);
  const volumes = parts.inventory.volumesOfPool(name).filter(({ state }) => state !== "retired").map(({ barcode }) => `volume ${barcode}`);
  const users = [...archives, ...volumes];
  if (users.length === 0) return;
  const told = users.slice(0, toldLimit).map((user) => printable(user)).join(", ");
  const more = users.length > toldLimit ? ` and ${String(users.length - toldLimit)} more` : "";
  throw new StrongroomError("denied", "POOL_IN_USE", `pool ${name} is used by ${told}${more}; nothing was changed`, {
    hint: "remove those archives first; a volume leaves its pool when it is written over for another one",
  });
}

function infoOf(parts: OperationParts, pool: PoolConfig): PoolInfo {
  const volumes = parts.inventory.volumesOfPool(pool.name).filter(({ state }) => state !== "retired");
  return {
    ...pool,
    volumeCount: volumes.length,
    bytesWritten: volumes.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    copies: copyCounts(parts.inventory.standings(), pool.name),
  };
}
