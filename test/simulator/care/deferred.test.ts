import { expect, it } from "vitest";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { systemClock } from "../../../src/words/index.ts";
import { loaded, memoryLibrary, send } from "../initiator.ts";
import { shown } from "./pages.ts";

const block = new Uint8Array(100);

it("what is lost from the buffer is told with the next command, once, and the data end with the last object on the tape", async () => {
  const library = await memoryLibrary();
  const { drive, transport } = await loaded(library);
  await drive.write(block);
  await drive.marks(1);
  library.inject({ lun: 1, opcode: 0x0a, nth: 3, effect: { kind: "deferred-sense" } });
  expect([await drive.write(block), await drive.write(block), await drive.write(block)]).toEqual(["good", "good", "good"]);
  const { sense, status } = await transport.execute({ cdb: new Uint8Array(6), timeoutMs: 1000 });
  expect([status, sense[0], sense[2], sense[12], sense[13]]).toEqual([2, 0x71, 3, 0x0c, 0]);
  expect([await drive.ready(), (await drive.position()).object, await shown(transport)]).toEqual(["good", 2, [3, 6]]);
  const dataIn = new Uint8Array(32);
  await send(transport, [0x34, 8, 0, 0, 0, 0, 0, 0, 32, 0], { dataIn });
  expect([...dataIn.subarray(4, 8)], "objects in the buffer").toEqual([0, 0, 0, 0]);
  expect(await drive.write(block)).toBe("good");
});

it("nothing is lost where everything is on the tape", async () => {
  const library = await memoryLibrary();
  const { drive } = await loaded(library);
  await drive.write(block);
  library.inject({ lun: 1, opcode: 0x10, nth: 1, effect: { kind: "deferred-sense" } });
  expect([await drive.marks(1), await drive.ready(), (await drive.position()).object]).toEqual(["good", "good", 2]);
});

it("our own drive does not go on after it", async () => {
  const library = await memoryLibrary();
  const { transport } = await loaded(library);
  const drive = openTapeDrive(transport, systemClock);
  await drive.ready(1000);
  await drive.writeBlock(block);
  library.inject({ lun: 1, opcode: 0x0a, nth: 1, effect: { kind: "deferred-sense" } });
  await drive.writeBlock(block);
  await expect(drive.writeFilemarks(1)).rejects.toThrow();
});
