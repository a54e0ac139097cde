import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { openJournal, processOwners } from "../../src/records/index.ts";
import { journalConformance } from "../conformance/journal.ts";
import { temporaryStore } from "./temporary.ts";

journalConformance("state database", (lives) => {
  const { store, close } = temporaryStore();
  return { journal: openJournal(store, lives), close };
});

/** A machine of which only these files of /proc are known. */
function machine(files: Readonly<Record<string, string>>, processId = 7) {
  return processOwners((path) => (path === "/proc/sys/kernel/random/boot_id" ? "boot-1\n" : files[path]), processId);
}

function stat(command: string, state: string, start: string): string {
  return `7 (${command}) ${state} 1 7 7 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 ${start} 1000 200 18446744073709551615`;
}

describe("owners", () => {
  it("are known by start time, whatever their program is called", () => {
    const owners = machine({ "/proc/7/stat": stat("x) S 1 (y", "R", "4711") });
    expect(owners.current()).toMatchObject({ bootId: "boot-1", processId: 7, processStart: "4711" });
    expect(owners.lives(owners.current())).toBe(true);
  });

  it("are dead after a reboot, when their number went to another, when gone, and as zombies", () => {
    const owner = machine({ "/proc/7/stat": stat("node", "S", "4711") }).current();
    expect(machine({ "/proc/7/stat": stat("node", "S", "4712") }).lives(owner)).toBe(false);
    expect(machine({}).lives(owner)).toBe(false);
    expect(machine({ "/proc/7/stat": stat("node", "Z", "4711") }).lives(owner)).toBe(false);
    expect(machine({ "/proc/7/stat": stat("node", "S", "4711") }).lives({ ...owner, bootId: "boot-2" })).toBe(false);
    expect(machine({ "/proc/7/stat": "nonsense" }).lives(owner)).toBe(false);
  });

  it("of this machine live while their process does", async () => {
    const owners = processOwners();
    expect(owners.lives(owners.current())).toBe(true);
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const owner = processOwners(undefined, child.pid).current();
    expect(owners.lives(owner)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(owners.lives(owner)).toBe(false);
  });
});
