import { opcode, type Transport } from "../../src/scsi/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { openTapeDrive } from "../../src/devices/tape/index.ts";
import { openTapeMedium } from "../../src/media/index.ts";
import { createMemoryLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { type MediumUnderTest, volumeMediumConformance } from "../conformance/volume-medium.ts";

const barcode = "SR0001L8";

async function simulated(capacityBytes: number, seenThrough: (transport: Transport) => Transport): ReturnType<MediumUnderTest["open"]> {
  const library = await createMemoryLibrary({ cartridges: [{ barcode, capacityBytes }] }, systemRandom);
  const changer = openMediaChanger(await library.transport(0), systemClock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  await changer.close();
  const open = async () => {
    const drive = openTapeDrive(seenThrough(await library.transport(1)), systemClock);
    await drive.ready(60_000);
    const medium = await openTapeMedium(drive, barcode);
    const close = medium.close.bind(medium);
    medium.close = async () => {
      await close();
      await drive.close();
    };
    return medium;
  };
  return { medium: await open(), reopen: open };
}

/** As tgt does it: READ POSITION is all zeros wherever the tape stands. */
function withoutPosition(transport: Transport): Transport {
  return {
    name: transport.name,
    maxTransferBytes: transport.maxTransferBytes,
    execute: async (command) => {
      const completion = await transport.execute(command);
      if (command.cdb[0] === opcode.readPosition) command.dataIn?.fill(0);
      return completion;
    },
    close: async () => { await transport.close(); },
  };
}

volumeMediumConformance("tape, through the drive code on the simulator", {
  open: async (capacityBytes) => await simulated(capacityBytes, (transport) => transport),
});

volumeMediumConformance("tape, in a drive that does not know where its tape stands", {
  open: async (capacityBytes) => await simulated(capacityBytes, withoutPosition),
});
