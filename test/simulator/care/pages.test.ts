import { expect, it } from "vitest";
import { decodedBySgLogs, hasSgLogs } from "../../scsi/sg-logs.ts";
import { errorCounters, logPage as pageCode, parseLogPage, volumeStatistics } from "../../../src/scsi/index.ts";
import { loaded, memoryLibrary, send } from "../initiator.ts";
import { logPage, numbers } from "./pages.ts";

const block = new Uint8Array(1000);
const reset = (page: number): number[] => [0x4c, 2, 0x40 | page, 0, 0, 0, 0, 0, 0, 0];

/** What sg_logs calls each page: it must know which it reads. */
const names: ReadonlyMap<number, RegExp> = new Map([
  [0x00, /Supported log pages/], [0x02, /Write error counter/], [0x03, /Read error counter/], [0x06, /Non-medium error/], [0x0c, /Sequential access/],
  [0x0d, /Temperature/], [0x10, /Self-test/], [0x11, /DT device status/i], [0x12, /Tape ?Alert response/i], [0x14, /Device statistics/i],
  [0x16, /Tape diagnostic/i], [0x17, /Volume statistics/i], [0x1b, /Data compression/i], [0x2e, /Tape ?alert page/i], [0x30, /Tape usage/i], [0x31, /Tape capacity/i],
  [0x32, /Data compression/i],
]);

// skip: sg3-utils may not be installed
it.skipIf(!hasSgLogs)(`every page that is listed is read by sg_logs${hasSgLogs ? "" : " (skipped: sg3-utils is not installed)"}`, async () => {
  const library = await memoryLibrary();
  const { drive, transport } = await loaded(library);
  await library.hands.breakSpot("SR0001L8", { at: { objects: [0, 0] } });
  await drive.write(block);
  await library.hands.breakSpot("SR0001L8", { at: { objects: [0, 0] } });
  await drive.rewind();
  await drive.read(1000);
  const listed = [...(await logPage(transport, 0)).subarray(4)];
  expect(listed).toEqual([...names.keys()]);
  for (const page of listed) {
    const said = decodedBySgLogs(await logPage(transport, page));
    expect(said, `page ${page.toString(16)}`).toMatch(names.get(page)!);
    expect(said, `page ${page.toString(16)}`).not.toMatch(/badly formed|unexpected|unable|fault|truncated/i);
  }
  const diagnosis = decodedBySgLogs(await logPage(transport, 0x16));
  for (const words of [/Sense key: 0x3 /, /Unrecovered read error/, /Operation code: 0x8/, /Hours since last clean: 0\b/]) expect(diagnosis).toMatch(words);
});

it("errors are counted from the load on, and from a reset; the cartridge keeps them for its life", async () => {
  const library = await memoryLibrary();
  const { drive, transport } = await loaded(library);
  await drive.write(block);
  await library.hands.breakSpot("SR0001L8", { at: { objects: [0, 0] }, readAtTry: 2 });
  await drive.rewind();
  expect([(await drive.read(1000)).sense.slice(0, 7), await drive.rewind(), (await drive.read(1000)).sense.slice(0, 7)]).toEqual(["3/11/00", "good", "1/17/01"]);
  const read = async (): Promise<unknown> => errorCounters(parseLogPage(await logPage(transport, pageCode.readErrors), pageCode.readErrors)!);
  expect(await read()).toMatchObject({ corrected: 1, uncorrected: 1, processedBytes: 1000 });
  expect((await send(transport, reset(3))).sense).toBe("good");
  expect(await read()).toMatchObject({ corrected: 0, uncorrected: 0, processedBytes: 0 });
  expect([await drive.unload(), await drive.load()]).toEqual(["good", "good"]);
  const volume = volumeStatistics(parseLogPage(await logPage(transport, pageCode.volumeStatistics), pageCode.volumeStatistics)!);
  expect(volume).toMatchObject({ readRetries: 1, unrecoveredReadErrors: 1, lastMountUnrecoveredReadErrors: 0, writeMounts: 1, threads: 2, valid: true });
  expect(volume.mounts.map(({ vendor }) => vendor)).toEqual(["VIRTUAL", "VIRTUAL"]);
});

it("thresholds that nobody set are all ones, defaults are zero, and only counters have either", async () => {
  const { drive, transport } = await loaded(await memoryLibrary());
  await drive.write(block);
  const at = async (page: number, code: number): Promise<readonly (number | undefined)[]> =>
    Promise.all([0, 1, 2, 3].map(async (control) => (await numbers(transport, page, control)).get(code)));
  expect((await at(0x02, 5)).map((value) => (value === 1000 || value === 0 ? value : "ones"))).toEqual(["ones", 1000, "ones", 0]);
  expect(new Set(await at(0x0d, 1))).toEqual(new Set([55]));
});

it("LOG SELECT refuses to save, to take values, and pages that are not there; page 0 resets all", async () => {
  const { drive, transport } = await loaded(await memoryLibrary());
  await drive.write(block);
  const select = async (cdb: number[], dataOut?: Uint8Array): Promise<string> => (await send(transport, cdb, dataOut === undefined ? {} : { dataOut })).sense;
  expect(await select([0x4c, 1, 0x42, 0, 0, 0, 0, 0, 0, 0])).toBe("5/24/00");
  expect(await select([0x4c, 0, 0x42, 0, 0, 0, 0, 0, 4, 0], new Uint8Array(4))).toBe("5/24/00");
  expect([await select(reset(0x3d)), await select([0x4c, 2, 0x42, 1, 0, 0, 0, 0, 0, 0])]).toEqual(["5/24/00", "5/24/00"]);
  expect([await select([0x4c, 0, 0x42, 0, 0, 0, 0, 0, 0, 0]), (await numbers(transport, 2)).get(5)]).toEqual(["good", 1000]);
  expect([await select(reset(0)), (await numbers(transport, 2)).get(5)]).toEqual(["good", 0]);
});

it("metres follow the data, and power cycles are counted", async () => {
  const library = await memoryLibrary();
  const { drive, transport } = await loaded(library);
  const before = await numbers(transport, 0x14);
  const megabyte = new Uint8Array(2 ** 20);
  for (let written = 0; written < 32; written += 1) await drive.write(megabyte);
  // A whole LTO-8 tape of 12 TB is 208 wraps of 960 m.
  expect((await numbers(transport, 0x14)).get(4)).toBe(Math.floor((32 * 2 ** 20 * 208 * 960) / 12e12));
  await library.dropPower(1);
  await drive.ready();
  expect((await numbers(transport, 0x14)).get(0x0c)).toBe(before.get(0x0c)! + 1);
});
