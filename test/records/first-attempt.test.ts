import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createState, openConfig } from "../../src/records/index.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "first-attempt-")); });
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

const appliance = { uuid: "0b7e5c1e-6c0f-4b38-9d43-5b6a0c5a9d11", contacts: [] };

describe("making an appliance a second time", () => {
  it("takes the folder of an attempt with an impossible name", () => {
    const state = join(folder, "state");
    const config = (): ReturnType<typeof openConfig> => {
      const opened = createState(state);
      return openConfig(opened.configPath, () => opened.lock("config", "a test"));
    };
    expect(() => config().create({ ...appliance, name: "Bad Name!" })).toThrow(/^appliance\.name: .*; nothing was changed$/);
    expect(config().create({ ...appliance, name: "good-name" }).appliance.name).toBe("good-name");
    expect(() => createState(state)).toThrow(/is not empty, nothing was changed/);
  });

  it("refuses a folder that holds a key, a job or anything else", () => {
    for (const name of ["keys", "jobs", "spool", "other"]) {
      const state = join(folder, `with-${name}`);
      mkdirSync(state, { mode: 0o700 });
      mkdirSync(join(state, name), { mode: 0o700 });
      writeFileSync(join(state, name, "something"), "", { mode: 0o600 });
      expect(() => createState(state)).toThrow(/is not empty, nothing was changed/);
    }
  });
});
