import { readFileSync } from "node:fs";

/** CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER and CAP_FSETID of capabilities(7): what it takes to give files to others, and to set their modes afterwards. */
const wanted = 0b1_1011n;

/** Whether this process may set owners: root, or who was given the rights of root that this needs. Looked at in `/proc`, which says what the kernel will go by. */
export function maySetOwners(statusPath = "/proc/self/status"): boolean {
  let status: string;
  try {
    status = readFileSync(statusPath, "latin1");
  } catch {
    return process.geteuid?.() === 0;
  }
  const effective = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(status)?.[1];
  return effective === undefined ? process.geteuid?.() === 0 : (BigInt(`0x${effective}`) & wanted) === wanted;
}
