import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openLibrary } from "../../simulator/index.ts";
import type { DriveReport } from "../../src/cli/index.ts";
import { simulatorTools } from "../../src/main/simulator-tools.ts";
import { openIscsiTransports } from "../../src/transports/iscsi/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";

const { faults } = simulatorTools;
const target = "iqn.2026-11.test:vtl";
const busyOnce = '{"lun": 1, "opcode": 0, "effect": {"kind": "busy"}}';
const ready = { cdb: new Uint8Array(6), timeoutMs: 5000 };

async function madeLibrary(): Promise<string> {
  const parent = mkdtempSync(join(tmpdir(), "faults-"));
  onTestFinished(() => { rmSync(parent, { recursive: true, force: true }); });
  const folder = join(parent, "library");
  await simulatorTools.create(folder, {
    drives: 1, slots: 2, mailSlots: 1, barcodes: ["SR0001L8"], capacityBytes: 10_000_000, generation: "L8", isHalfHeight: false,
    pickers: 1, slotsPerMagazine: undefined, reservedSlots: 0, layout: "default", quirks: [], content: "keep", wereNeverLoaded: false,
  });
  return folder;
}

const serving = { listen: "127.0.0.1:0", digests: false, diskBytes: undefined, faults: undefined, chap: undefined, timeFactor: undefined };

it("a rule that is put into the folder of a library that is in use strikes once, in one of its processes, and is written down", async () => {
  const folder = await madeLibrary();
  const [one, other] = [await openLibrary(folder, systemRandom), await openLibrary(folder, systemRandom)];
  const path = await one.transport(1);
  await path.execute(ready);
  expect(await faults.add(folder, { text: busyOnce })).toBe(1);
  expect(await faults.list(folder)).toEqual(['{"lun":1,"opcode":0,"effect":{"kind":"busy"}}']);
  expect((await path.execute(ready)).status).toBe(0x08);
  expect(await faults.list(folder)).toEqual([]);
  await path.close();
  const second = await other.transport(1);
  for (let turn = 0; turn < 3; turn += 1) expect((await second.execute(ready)).status).not.toBe(0x08);
  expect(await faults.strikes(folder)).toEqual([{ timeMs: expect.any(Number) as number, lun: 1, cdb: "000000000000", phase: "before", fault: "busy" }]);
  await one.close();
  await other.close();
});

it("rules of a file are added whole or not at all, and taken back", async () => {
  const folder = await madeLibrary();
  const file = join(folder, "..", "rules.jsonl");
  writeFileSync(file, `# two\n${busyOnce}\n{"lun": 0, "every": 1, "effect": {"kind": "task-set-full"}}\n`);
  expect(await faults.add(folder, { file })).toBe(2);
  await expect(faults.add(folder, { text: `${busyOnce}\n{"lun": 1}` })).rejects.toMatchObject({ code: "FAULT_RULE" });
  expect(await faults.list(folder)).toHaveLength(2);
  const library = await openLibrary(folder, systemRandom);
  const changer = await library.transport(0);
  expect((await changer.execute(ready)).status).toBe(0x28);
  expect(await faults.clear(folder)).toBe(2);
  expect((await changer.execute(ready)).status).not.toBe(0x28);
  await library.close();
});

it("a library that is served takes its time, tells of faults as they strike, and at the end what its drives did", async () => {
  const folder = await madeLibrary();
  const stop = new AbortController();
  const heard = Promise.withResolvers<string>();
  const struck: string[] = [];
  const served = simulatorTools.serve({ ...serving, libraries: [{ folder, target }], timeFactor: 0.001 }, stop.signal, {
    listening: ({ listen }) => { heard.resolve(listen); },
    struck: (_folder, { fault, lun }) => { struck.push(`${fault} ${String(lun)}`); },
  });
  const units = openIscsiTransports({ portal: await heard.promise, target, initiator: "iqn.2026-11.test:initiator", clock: systemClock, random: systemRandom });
  const changer = await units.transport(0);
  await changer.execute(ready);
  await changer.execute({ cdb: Uint8Array.of(0xa5, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0, 0), timeoutMs: 5000 });
  const drive = await units.transport(1);
  while ((await drive.execute(ready)).status !== 0) await systemClock.sleep(2);
  await faults.add(folder, { text: busyOnce });
  expect((await drive.execute(ready)).status).toBe(0x08);
  await drive.execute({ cdb: Uint8Array.of(0x0a, 0, 0, 0x10, 0, 0), dataOut: new Uint8Array(4096), timeoutMs: 5000 });
  await drive.execute({ cdb: Uint8Array.of(0x10, 0, 0, 0, 1, 0), timeoutMs: 5000 });
  await units.close();
  stop.abort();
  const reports: readonly DriveReport[] = await served;
  expect(struck).toEqual(["busy 1"]);
  expect(reports).toHaveLength(1);
  // A filemark takes room as well.
  expect(reports[0]).toMatchObject({ folder, drive: 0, bytesWritten: 4096 + 512 });
  expect(reports[0]!.spent["loading"]).toBeGreaterThan(5000);
  expect(reports[0]!.timeline).toContain("L");
});
