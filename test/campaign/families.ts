import { bytesFamily } from "./bytes/family.ts";
import { commandsFamily } from "./commands/family.ts";
import type { Family } from "./frame/contract.ts";
import { fullFamily } from "./full/family.ts";
import { killsFamily } from "./kills/family.ts";
import { parsersFamily } from "./parsers/family.ts";
import { powerFamily } from "./power/family.ts";

export const families: readonly Family[] = [bytesFamily, commandsFamily, killsFamily, parsersFamily, powerFamily, fullFamily];

export function familyNamed(name: string): Family | undefined {
  return families.find((family) => family.name === name);
}
