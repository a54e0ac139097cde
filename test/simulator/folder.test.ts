import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { createLibrary, dumpCartridge, flipBit, openLibrary } from "../../simulator/index.ts";
import { asStrongroomError, systemRandom } from "../../src/words/index.ts";
import { folderLibrary, loaded, move, oneCartridge, send, slot, tape, temporaryFolder } from "./initiator.ts";

const block = (sizeBytes: number, value: number): Uint8Array => new Uint8Array(sizeBytes).fill(value);

describe("a library in a folder", () => {
  it("power-on again: cartridge still loaded, position at the beginning, 29/00, what was synced is there", async () => {
    const folder = temporaryFolder();
    const first = await folderLibrary(folder);
    const { drive: writer } = await loaded(first);
    await writer.write(block(1000, 7));
    await writer.marks(1);
    await first.close();
    const second = await openLibrary(folder, systemRandom);
    const reader = tape(await second.transport(1));
    expect([await reader.ready(), await reader.ready()]).toEqual(["6/29/00", "good"]);
    expect((await reader.position()).object).toBe(0);
    expect((await reader.read(1000)).data).toEqual(block(1000, 7));
    await second.close();
  });

  it("a second opener is told which process holds the drive, and gets it after close", async () => {
    const folder = temporaryFolder();
    const first = await folderLibrary(folder);
    const transport = await first.transport(1);
    const second = await openLibrary(folder, systemRandom);
    const refused = second.transport(1);
    await expect(refused).rejects.toMatchObject({ code: "TRANSPORT_BUSY" });
    await expect(refused).rejects.toThrow(`process ${process.pid}`);
    await transport.close();
    expect(await tape(await second.transport(1)).ready()).toBe("6/29/00");
    await second.close();
  });

  it("two libraries on one folder see each other's moves", async () => {
    const folder = temporaryFolder();
    const first = await folderLibrary(folder);
    const second = await openLibrary(folder, systemRandom);
    const [one, other] = [await first.transport(0), await second.transport(0)];
    for (const changer of [one, other]) await send(changer, [0, 0, 0, 0, 0, 0]);
    expect(await move(one, slot(0), slot(5))).toBe("good");
    expect(await move(other, slot(0), slot(6))).toBe("5/3b/0e");
    expect(await move(other, slot(5), slot(6))).toBe("good");
    expect(await move(one, slot(5), slot(0))).toBe("5/3b/0e");
    await second.close();
  });

  it("is not made over what is there, and refuses a state file that is not its own", async () => {
    const folder = temporaryFolder();
    await folderLibrary(folder);
    await expect(createLibrary(folder, oneCartridge, systemRandom)).rejects.toMatchObject({ code: "FOLDER_NOT_EMPTY" });
    writeFileSync(join(folder, "library.json"), '{"format": 1}');
    const damaged = openLibrary(folder, systemRandom);
    await expect(damaged).rejects.toMatchObject({ code: "LIBRARY_DAMAGED" });
    await expect(openLibrary(temporaryFolder(), systemRandom)).rejects.toMatchObject({ code: "LIBRARY_MISSING" });
  });

  it("dump gives the files that dd would, and flipBit changes one bit of one of them", async () => {
    const folder = temporaryFolder();
    const library = await folderLibrary(folder);
    const { drive: writer } = await loaded(library);
    await writer.write(block(1000, 1));
    await writer.write(block(500, 2));
    await writer.marks(2);
    await writer.write(block(10, 3));
    await writer.marks(0);
    const target = join(temporaryFolder(), "dump");
    expect(await dumpCartridge(folder, "SR0001L8", target)).toBe(3);
    expect(readdirSync(target)).toEqual(["000000", "000001", "000002"]);
    expect(readFileSync(join(target, "000000"))).toEqual(Buffer.concat([block(1000, 1), block(500, 2)]));
    expect(statSync(join(target, "000001")).size).toBe(0);
    await flipBit(folder, "SR0001L8", 0, 1000, 7);
    await writer.locate(1);
    expect((await writer.read(500)).data[0]).toBe(0x82);
    await expect(flipBit(folder, "SR0001L8", 1, 0, 0)).rejects.toMatchObject({ code: "TAPE_BYTE_MISSING" });
  });
});

describe("loss", () => {
  it("power-dropped: unsynced blocks are gone, synced ones are not, nothing comes back from behind a truncation", async () => {
    const library = await folderLibrary(temporaryFolder());
    const { drive: commands } = await loaded(library);
    for (let at = 0; at < 5; at += 1) await commands.write(block(100, at));
    await commands.marks(0);
    await commands.locate(2);
    await commands.write(block(100, 99));
    await library.dropPower(1);
    expect(await commands.ready()).toBe("6/29/01");
    expect((await commands.read(100)).data).toEqual(block(100, 0));
    expect((await commands.read(100)).data).toEqual(block(100, 1));
    expect((await commands.read(100)).sense).toBe("8/00/05 info=100");
  });

  it("a writer killed at any moment leaves every announced file whole, and nothing torn behind them", async () => {
    for (const linesBeforeKill of [1, 4, 9]) {
      const folder = temporaryFolder();
      const library = await folderLibrary(folder);
      await loaded(library);
      await library.close();
      const announced = await runWriterUntil(folder, linesBeforeKill);
      const after = await openLibrary(folder, systemRandom);
      const reader = tape(await after.transport(1));
      expect(await reader.ready()).toBe("6/29/00");
      let marks = 0;
      for (let count = 0; ;) {
        const { sense, data } = await reader.read(100_000, 2);
        if (sense.startsWith("8/00/05")) break;
        if (sense.includes("FM")) marks += 1;
        else {
          expect(Buffer.compare(data, block(20_000 + marks, count % 251))).toBe(0);
          count += 1;
        }
      }
      expect(marks).toBeGreaterThanOrEqual(announced);
      await after.close();
    }
  }, 30_000);

  it("a half-written index record is passed over and written over", async () => {
    const folder = temporaryFolder();
    const library = await folderLibrary(folder);
    const { drive: writer } = await loaded(library);
    await writer.write(block(100, 1));
    await writer.marks(1);
    await library.close();
    const index = join(folder, "cartridges", "SR0001L8", "index");
    writeFileSync(index, Buffer.concat([readFileSync(index), readFileSync(index).subarray(0, 13)]));
    const again = await openLibrary(folder, systemRandom);
    const commands = tape(await again.transport(1));
    await commands.ready();
    await commands.space(3, 0);
    expect((await commands.position()).object).toBe(2);
    await commands.write(block(100, 2));
    await again.close();
    const last = await openLibrary(folder, systemRandom);
    const reader = tape(await last.transport(1));
    await reader.ready();
    await reader.locate(2);
    expect((await reader.read(100)).data).toEqual(block(100, 2));
    await last.close();
  });
});

describe("faults", () => {
  it("before: no effect; after: the effect and another answer; lost: the transport is dead", async () => {
    const library = await folderLibrary(temporaryFolder());
    const { drive: commands, transport } = await loaded(library);
    library.inject({ lun: 1, opcode: 0x0a, nth: 2, effect: { kind: "sense", key: 3, code: 0x0c00 } });
    library.inject({ lun: 1, opcode: 0x0a, nth: 3, phase: "after", effect: { kind: "sense", key: 4, code: 0x4400 } });
    const answers = [
      await commands.write(block(10, 1)),
      await commands.write(block(10, 2)),
      await commands.write(block(10, 3)),
      await commands.write(block(10, 4)),
    ];
    expect(answers).toEqual(["good", "3/0c/00", "4/44/00", "good"]);
    expect((await commands.position()).object).toBe(3);
    library.inject({ effect: { kind: "drop" } });
    await expect(commands.ready()).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
    await expect(commands.ready()).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
    await transport.close();
    expect(await tape(await library.transport(1)).ready()).toBe("6/29/00");
  });

  it("closing answers what is waiting with TRANSPORT_CLOSED, and may be repeated", async () => {
    const library = await folderLibrary(temporaryFolder());
    const { drive: commands, transport } = await loaded(library);
    const waiting = [commands.write(block(10, 1)), commands.write(block(10, 1))].map((one) =>
      one.catch((error: unknown) => asStrongroomError(error).code),
    );
    await transport.close();
    await transport.close();
    expect(await Promise.all(waiting)).toEqual(["TRANSPORT_CLOSED", "TRANSPORT_CLOSED"]);
    await expect(commands.ready()).rejects.toMatchObject({ code: "TRANSPORT_CLOSED" });
  });
});

/** Runs a writer in a process of its own and kills it after so many lines; gives how many files it said were safe. */
async function runWriterUntil(folder: string, lines: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "children", "writer.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => {
    child.once("close", resolve);
  });
  let announced = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== "ready") announced += 1;
    if (announced >= lines) child.kill("SIGKILL");
  }
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
  return announced;
}
