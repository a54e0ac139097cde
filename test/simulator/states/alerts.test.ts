import { describe, expect, it } from "vitest";
import type { OperatorHands } from "../../../simulator/index.ts";
import type { Transport } from "../../../src/scsi/index.ts";
import { loaded, send } from "../initiator.ts";
import { barcode, homes } from "./homes.ts";

/** The flags that are up, by TapeAlert Response (log page 12), which takes none back: 64 bits behind two headers, the first is flag 1. */
async function alerts(drive: Transport): Promise<readonly number[]> {
  const dataIn = new Uint8Array(4 + 4 + 8);
  await send(drive, [0x4d, 0, 0x52, 0, 0, 0, 0, dataIn.length >> 8, dataIn.length & 0xff, 0], { dataIn });
  return Array.from({ length: 64 }, (_, at) => at + 1).filter((flag) => (dataIn[8 + ((flag - 1) >> 3)]! & (0x80 >> ((flag - 1) & 7))) !== 0);
}

const states: readonly (readonly [what: string, flag: number, set: (hands: OperatorHands) => Promise<void>, mend: (hands: OperatorHands) => Promise<void>])[] = [
  ["a snapped tape", 14, (hands) => hands.breakCartridge(barcode, "tape"), (hands) => hands.mendCartridge(barcode)],
  ["an unreadable chip", 15, (hands) => hands.breakCartridge(barcode, "chip"), (hands) => hands.mendCartridge(barcode)],
  ["a fan that stands still", 26, (hands) => hands.breakDrive(0, "fan"), (hands) => hands.mendDrive(0, "fan")],
  ["a drive that does not eject", 33, (hands) => hands.breakDrive(0, "eject"), (hands) => hands.mendDrive(0)],
  ["a drive that is too hot", 36, (hands) => hands.breakDrive(0, "heat"), (hands) => hands.mendDrive(0)],
];

describe.each(homes)("TapeAlert of a library %s", (_name, make) => {
  it.each(states)("%s raises its flag until it is mended", async (_what, flag, set, mend) => {
    const library = await make();
    const { drive, transport } = await loaded(library);
    expect(await alerts(transport)).not.toContain(flag);
    await set(library.hands);
    await drive.ready();
    expect(await alerts(transport)).toContain(flag);
    expect(await alerts(transport)).toContain(flag);
    await mend(library.hands);
    await drive.ready();
    expect(await alerts(transport)).not.toContain(flag);
  });
});
