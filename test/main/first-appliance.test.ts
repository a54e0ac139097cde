import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { offerAppliance } from "../../src/main/first-appliance.ts";
import { openOperations } from "../../src/main/open-operations.ts";
import { tongues } from "../../src/console/index.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "first-appliance-")); });
afterEach(() => { rmSync(folder, { recursive: true }); });

async function offer(stateFolder: string, answers: readonly (string | undefined)[]): Promise<readonly string[]> {
  const opened = openOperations(stateFolder);
  const asked: string[] = [];
  const left = [...answers];
  try {
    await offerAppliance(stateFolder, opened.operations, tongues[0]!, (prompt) => {
      asked.push(prompt);
      return Promise.resolve(left.shift());
    });
    return asked;
  } finally {
    await opened.close();
  }
}

it("makes the appliance behind a y and its name, and asks no more afterwards", async () => {
  const state = join(folder, "state");
  const asked = await offer(state, ["y", "cellar"]);
  expect(asked[0]).toContain(state);
  expect(await offer(state, [])).toEqual([]);
  const opened = openOperations(state);
  expect((await opened.operations.appliance.show()).name).toBe("cellar");
  await opened.close();
});

it.each([["n"], [""], [undefined], ["SR0001L8"]])("makes nothing for %j", async (answer) => {
  const state = join(folder, "state");
  await expect(offer(state, [answer])).rejects.toMatchObject({ code: "STATE_MISSING" });
  expect(existsSync(state)).toBe(false);
});
