import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dumpCartridge } from "../../simulator/index.ts";
import { createFolderStore, createMemoryStore, createMemoryTape, openFolderTape, type Tape, type TapeLayout, wholeTape } from "../../simulator/storage/index.ts";
import { folderLibrary, temporaryFolder } from "./initiator.ts";

const capacityBytes = 1e6;
const two: TapeLayout = { usableBytes: capacityBytes, partitions: [{ startBytes: 0, capacityBytes: 4e5 }, { startBytes: 6e5, capacityBytes: 4e5 }] };
const four: TapeLayout = {
  usableBytes: capacityBytes, partitions: [0, 1, 2, 3].map((at) => ({ startBytes: at * 2e5, capacityBytes: 1e5 })),
};
const block = (value: number): Uint8Array => new Uint8Array(10).fill(value);

/** A tape in a folder, as somebody keeps it who writes the layout beside it. */
async function folderTape() {
  const folder = temporaryFolder();
  await createFolderStore(folder);
  const path = join(folder, "layout");
  const keep = (layout: TapeLayout): void => { writeFileSync(path, JSON.stringify(layout)); };
  const open = async (keepLayout = keep): Promise<Tape> => {
    const layout = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as TapeLayout) : wholeTape(capacityBytes);
    return await openFolderTape(folder, "write", layout, keepLayout);
  };
  return { folder, keep, open };
}

async function contents(tape: Tape): Promise<number[][]> {
  const found: number[][] = [];
  const room = new Uint8Array(10);
  for (const [partition, { objectCount }] of tape.indexes.entries()) {
    tape.enter(partition);
    const values: number[] = [];
    for (let at = 0; at < objectCount; at += 1) {
      await tape.read(at, room);
      values.push(room[0]!);
    }
    found.push(values);
  }
  return found;
}

async function fill(tape: Tape): Promise<void> {
  for (const partition of tape.indexes.keys()) {
    tape.enter(partition);
    for (let at = 0; at <= partition; at += 1) await tape.append(block(10 * partition + at));
  }
}

describe.each([
  ["in memory", () => Promise.resolve(createMemoryTape(capacityBytes, createMemoryStore))],
  ["in a folder", async () => await (await folderTape()).open()],
])("a tape %s", (_, make) => {
  it("has one partition, then as many as it is divided into, each its own; dividing forgets", async () => {
    const tape = await make();
    expect(tape.layout).toEqual(wholeTape(capacityBytes));
    await fill(tape);
    await tape.divide(four);
    expect([tape.partition, await contents(tape)]).toEqual([0, [[], [], [], []]]);
    await fill(tape);
    expect(await contents(tape)).toEqual([[0], [10, 11], [20, 21, 22], [30, 31, 32, 33]]);
    tape.enter(2);
    await tape.truncate(1);
    expect(await contents(tape)).toEqual([[0], [10, 11], [20], [30, 31, 32, 33]]);
    expect(() => { tape.enter(4); }).toThrow(RangeError);
    await tape.divide(two);
    expect(await contents(tape)).toEqual([[], []]);
    await tape.close();
  });

  it("loses what was not synced of every partition, and nothing else", async () => {
    const tape = await make();
    await tape.divide(two);
    await fill(tape);
    await tape.sync();
    await fill(tape);
    tape.enter(0);
    expect([tape.index.objectCount, tape.syncedObjects]).toEqual([2, 1]);
    await tape.dropUnsynced();
    expect(await contents(tape)).toEqual([[0], [10, 11]]);
    await tape.close();
  });
});

it.each([["before", [[]]], ["after", [[], []]]])("a division that ends %s its layout is kept leaves a blank tape that opens", async (when, expected) => {
  const { open, keep } = await folderTape();
  const tape = await open((layout) => {
    if (when === "after") keep(layout);
    throw new Error("the process ends here");
  });
  await fill(tape);
  await expect(tape.divide(two)).rejects.toThrow("the process ends here");
  const again = await open();
  expect(await contents(again)).toEqual(expected);
  await again.divide(two);
  await fill(again);
  expect(await contents(again)).toEqual([[0], [10, 11]]);
  await again.close();
  await tape.close();
});

it("from four partitions to one, a process that ends in between leaves all files that the layout names, and no more in the end", async () => {
  const { folder, open } = await folderTape();
  const tape = await open();
  await tape.divide(four);
  await fill(tape);
  await tape.close();
  const dying = await open(() => { throw new Error("the process ends here"); });
  await expect(dying.divide(wholeTape(capacityBytes))).rejects.toThrow();
  await dying.close();
  const again = await open();
  expect(await contents(again)).toEqual([[], [], [], []]);
  await again.divide(wholeTape(capacityBytes));
  await again.close();
  expect(readdirSync(folder).sort()).toEqual(["data", "index", "layout"]);
});

it.each([
  ["no partition", { usableBytes: 5, partitions: [] }], ["five", { usableBytes: 50, partitions: new Array(5).fill({ startBytes: 0, capacityBytes: 0 }) }],
  ["two in one place", { usableBytes: 50, partitions: [{ startBytes: 0, capacityBytes: 10 }, { startBytes: 9, capacityBytes: 10 }] }],
  ["more than the tape", { usableBytes: 1e12, partitions: [{ startBytes: 0, capacityBytes: 10 }] }],
  ["more than is left of it", { usableBytes: 5, partitions: [{ startBytes: 0, capacityBytes: 10 }] }],
  ["no numbers", { usableBytes: 5, partitions: [{ startBytes: "0", capacityBytes: null }] }], ["nothing", null],
])("a layout of %s is not guessed at", async (_, layout) => {
  const folder = join(temporaryFolder(), "library");
  await folderLibrary(folder);
  const cartridge = join(folder, "cartridges", "SR0001L8");
  const dump = async (): Promise<number> => await dumpCartridge(folder, "SR0001L8", join(folder, "files"));
  expect(await dump()).toBe(0);
  mkdirSync(cartridge, { recursive: true });
  writeFileSync(join(cartridge, "partitions.json"), JSON.stringify({ usableBytes: 5, partitions: [{ startBytes: 0, capacityBytes: 5 }] }));
  expect(await dump()).toBe(0);
  writeFileSync(join(cartridge, "partitions.json"), JSON.stringify(layout));
  await expect(dump()).rejects.toMatchObject({ code: "LIBRARY_DAMAGED" });
});
