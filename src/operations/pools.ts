import type { PoolConfig } from "../records/index.ts";
import type { PoolInfo, PoolOperations } from "./contract.ts";
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
  };
}

function infoOf(parts: OperationParts, pool: PoolConfig): PoolInfo {
  const copies = { written: 0, verified: 0, bad: 0 };
  const volumes = parts.inventory.volumesOfPool(pool.name);
  for (const volume of volumes) {
    for (const copy of parts.inventory.copiesOnVolume(volume.uuid)) copies[copy.state] += 1;
  }
  return {
    ...pool,
    volumeCount: volumes.length,
    bytesWritten: volumes.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    copies,
  };
}
