import { partsOfKeys, remembered } from "../state/index.ts";
import type { Scene } from "./contract.ts";

/** Worked out once for each picture of the appliance and each change of what rows are made from, however many keys are pressed and frames drawn meanwhile. */
export function remember<T>({ appliance, state, words }: Scene, key: string, make: () => T, ...more: readonly unknown[]): T {
  const parts = Object.entries(state).filter(([name]) => !isOfKeys(name)).map(([, part]) => part as unknown);
  return remembered(state.memo, key, [appliance, words, ...parts, ...more], make);
}

function isOfKeys(name: string): boolean {
  return (partsOfKeys as readonly string[]).includes(name);
}
