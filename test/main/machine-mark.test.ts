import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOperations } from "../../src/main/open-operations.ts";

const here = { id: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", name: "vault-1" };
const elsewhere = { id: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", name: "vault-2" };
let folder: string;
const state = (): string => join(folder, "state");

async function show(machine: typeof here | "nameless"): Promise<string> {
  const { operations, close } = openOperations(state(), machine);
  try {
    return (await operations.appliance.show()).name;
  } finally {
    await close();
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "strongroom-mark-"));
  const { operations, close } = openOperations(state(), here);
  await operations.appliance.init({ name: "one", contacts: [] });
  await close();
});

afterEach(() => { rmSync(folder, { recursive: true }); });

describe("a state folder", () => {
  it("is that of one machine, and says whose", async () => {
    expect(await show(here)).toBe("one");
    const before = readFileSync(join(state(), "strongroom.db"), "hex");
    await expect(show(elsewhere)).rejects.toMatchObject({
      code: "STATE_OF_ANOTHER_MACHINE",
      severity: "fatal",
      message: expect.stringContaining("vault-1") as string,
    });
    expect(readFileSync(join(state(), "strongroom.db"), "hex")).toBe(before);
    await expect(openOperations(state(), elsewhere).operations.appliance.rebuild(
      { pool: undefined, from: [], withoutMissing: false, keyFile: "none", passphrase: () => Promise.resolve(Buffer.from("")) },
      { observer: { progress: () => undefined, event: () => undefined }, signal: new AbortController().signal },
    )).rejects.toMatchObject({ code: "STATE_OF_ANOTHER_MACHINE" });
  });

  it("is another machine's once that adopts it", async () => {
    const { operations, close } = openOperations(state(), elsewhere);
    expect((await operations.appliance.adopt()).name).toBe("one");
    await close();
    await expect(show(here)).rejects.toMatchObject({ code: "STATE_OF_ANOTHER_MACHINE" });
    expect(await show(elsewhere)).toBe("one");
  });

  it("is opened where machines have no lasting name, and where the mark is torn", async () => {
    expect(await show("nameless")).toBe("one");
    writeFileSync(join(state(), "machine.json"), "{", { mode: 0o600 });
    expect(await show(elsewhere)).toBe("one");
    await expect(show(here)).rejects.toMatchObject({ code: "STATE_OF_ANOTHER_MACHINE" });
  });
});
