import { afterEach, beforeEach, expect, it } from "vitest";
import { openLibrary, serveLibrary } from "../../../simulator/index.ts";
import { iscsi, status } from "../../../src/scsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { folderLibrary, temporaryFolder } from "../initiator.ts";
import { RawInitiator } from "../target/raw-initiator.ts";
import { serve, type Served } from "../target/setting.ts";

let served: Served;
const raws: RawInitiator[] = [];
beforeEach(async () => { served = await serve({ drives: 1, slots: 1, mailSlots: 0, cartridges: [] }); });
afterEach(async () => {
  for (const raw of raws.splice(0)) raw.socket.destroy();
  await served.release();
});

async function enter(last: number): Promise<RawInitiator> {
  const raw = new RawInitiator(served.running.port);
  raws.push(raw);
  await raw.enter([], Uint8Array.of(0x80, 0, 0, 0, 0, last));
  return raw;
}

/** TEST UNIT READY: `failed` where the target answers for the unit, else the additional sense, or `good`. */
async function told(raw: RawInitiator, lun = 1): Promise<string> {
  raw.command(raw.cmdSn, [0], { lun: iscsi.encodeLun(lun) });
  const answer = await raw.response();
  if (answer.response !== 0) return "failed";
  const sense = iscsi.senseInResponse(answer.data);
  return answer.status === status.good ? "good" : Buffer.from(sense.subarray(12, 14)).toString("hex");
}

it("a drive that is off fails its commands in every session, and tells each that it was off", async () => {
  const [one, other] = [await enter(1), await enter(2)];
  for (const raw of [one, other]) expect([await told(raw), await told(raw), await told(raw, 0), await told(raw, 0)]).toEqual(["2900", "3a00", "2900", "good"]);
  await served.library.hands.setPower(0, false);
  for (const raw of [one, other]) expect([await told(raw), await told(raw), await told(raw, 0)]).toEqual(["failed", "failed", "good"]);
  await served.library.hands.setPower(0, true);
  for (const raw of [one, other]) expect([await told(raw), await told(raw)]).toEqual(["2901", "3a00"]);
});

it("a drive whose cable is out fails its commands in every session, and is there again with nothing to tell", async () => {
  const [one, other] = [await enter(1), await enter(2)];
  for (const raw of [one, other]) expect([await told(raw), await told(raw)]).toEqual(["2900", "3a00"]);
  await served.library.hands.setCable(0, false);
  for (const raw of [one, other]) expect([await told(raw), await told(raw, 0)]).toEqual(["failed", "2900"]);
  await served.library.hands.setCable(0, true);
  for (const raw of [one, other]) expect([await told(raw), await told(raw, 0)]).toEqual(["3a00", "good"]);
});

it("hands of another process are felt by those who are served, at their next command", async () => {
  const folder = temporaryFolder();
  const library = await folderLibrary(folder, { drives: 1, slots: 1, cartridges: [] });
  const running = await serveLibrary(library, { clock: systemClock, random: systemRandom });
  const other = await openLibrary(folder, systemRandom);
  try {
    const raw = new RawInitiator(running.port);
    raws.push(raw);
    await raw.enter([], Uint8Array.of(0x80, 0, 0, 0, 0, 1));
    expect([await told(raw), await told(raw)]).toEqual(["2900", "3a00"]);
    await other.hands.setPower("library", false);
    expect([await told(raw), await told(raw, 0)]).toEqual(["failed", "failed"]);
    await other.hands.setPower("library", true);
    expect([await told(raw), await told(raw)]).toEqual(["2901", "3a00"]);
  } finally {
    await other.close();
    await running.close();
  }
});

it("our own initiator is told that the target failed", async () => {
  await served.library.hands.setPower("library", false);
  const unit = await served.units().transport(1);
  const failure: unknown = await unit.execute({ cdb: new Uint8Array(6), timeoutMs: 1000 }).then(() => undefined, (error: unknown) => error);
  expect(failure).toMatchObject({ kind: "failed", code: "TRANSPORT_LOST" });
  expect((failure as Error).message).toMatch(/the target failed to carry out a command/);
});
