import { commandsFamily } from "./commands/family.ts";
import type { Family } from "./frame/contract.ts";

export const families: readonly Family[] = [commandsFamily];

export function familyNamed(name: string): Family | undefined {
  return families.find((family) => family.name === name);
}
