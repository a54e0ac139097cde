import { commandsFamily } from "./commands/family.ts";
import type { Family } from "./frame/contract.ts";
import { parsersFamily } from "./parsers/family.ts";

export const families: readonly Family[] = [commandsFamily, parsersFamily];

export function familyNamed(name: string): Family | undefined {
  return families.find((family) => family.name === name);
}
