import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLibrary } from "../../src/main/libraries.ts";

describe("a library that is not there", () => {
  it("does not hinder anything before its changer or a drive is asked for", async () => {
    const lock = (): never => { throw new Error("no lock is needed"); };
    const library = openLibrary({ name: "vtl", kind: "simulator", folder: join(tmpdir(), "no-such-library") }, lock);
    // Time for a rejection that nobody waits for: it would end the program.
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(library.name).toBe("vtl");
    await expect(library.openChanger()).rejects.toMatchObject({ code: "LIBRARY_MISSING" });
    await expect(library.openDrive({ number: 0 } as Parameters<typeof library.openDrive>[0])).rejects.toMatchObject({ code: "LIBRARY_MISSING" });
  });
});
