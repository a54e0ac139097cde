import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { replaceFile } from "./replace-file.ts";

export interface Machine {
  /** machine-id(5). */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
}

const fileName = "machine.json";

/**
 * Two machines that write with copies of one state each forget what the other does. So a state folder is one machine's: the first to open it, until
 * another one adopts it. Rejects with `STATE_OF_ANOTHER_MACHINE` (denied, fatal). A machine that has no identity that lasts is not asked for it.
 */
export function refuseOtherMachine(folder: string, machine: Machine | "nameless"): void {
  if (machine === "nameless") return;
  const owner = ownerOf(folder);
  if (owner === undefined) adoptState(folder, machine);
  else if (owner.id !== machine.id) throw ofAnotherMachine(folder, owner);
}

/** From now on the state is this machine's. */
export function adoptState(folder: string, { id, name }: Machine): void {
  replaceFile(join(folder, fileName), `${JSON.stringify({ id, name })}\n`);
}

/** Undefined where nobody has left a mark that can be read: it proves nothing then. */
function ownerOf(folder: string): Machine | undefined {
  try {
    const mark = JSON.parse(readFileSync(join(folder, fileName), "utf8")) as Partial<Record<string, unknown>>;
    return typeof mark["id"] === "string" && typeof mark["name"] === "string" ? { id: mark["id"], name: mark["name"] } : undefined;
  } catch {
    return undefined;
  }
}

function ofAnotherMachine(folder: string, { name }: Machine): StrongroomError {
  const message = `${printable(folder)} is the state of machine ${printable(name)}: two machines that use one state would write over each other's volumes; nothing was opened`;
  return new StrongroomError("denied", "STATE_OF_ANOTHER_MACHINE", message, {
    severity: "fatal",
    hint: "if that machine will not use it, or a copy of it, ever again: strongroom appliance adopt",
  });
}
