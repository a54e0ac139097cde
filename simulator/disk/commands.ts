import type { ScsiCommand } from "../../src/scsi/index.ts";
import type { KnownCommand } from "../unit/index.ts";
import { check, type Outcome } from "../wire/index.ts";
import { preventRemoval, startStop } from "./medium.ts";
import { type Disk, diskSenses, notReady } from "./model.ts";
import { selectModes, senseLogs, senseModes } from "./pages.ts";
import { prefetch, provisioningStatus, read, readCapacity, readCapacityShort, readDefects, synchronizeCache, verify } from "./reading.ts";
import { compareAndWrite, orWrite, unmap, write, writeAndVerify, writeAtomically, writeSame } from "./writing.ts";

type Run = (disk: Disk, command: ScsiCommand) => Outcome;

export interface DiskCommand extends KnownCommand {
  readonly run: Run;
}

/** SBC-4, table 15. */
export const diskCommands: readonly DiskCommand[] = [
  command("081fffffff00", onMedium(read)),
  command("0a1fffffff00", writing(write)),
  command("15110000ff00", selectModes),
  command("1a08ffffff00", senseModes),
  command("1b010000f300", startStop),
  command("1e0000000300", preventRemoval),
  command("2500ffffffff00000100", onMedium(readCapacityShort)),
  command("28f8ffffffff3fffff00", onMedium(read)),
  command("2af8ffffffff3fffff00", writing(write)),
  command("2ef2ffffffff3fffff00", writing(writeAndVerify)),
  command("2ff6ffffffff3fffff00", onMedium(verify)),
  command("3402ffffffff3fffff00", onMedium(prefetch)),
  command("3502ffffffff3fffff00", onMedium(synchronizeCache)),
  command("37001f00000000ffff00", onMedium(readDefects)),
  command("41f8ffffffff3fffff00", writing(writeSame)),
  command("42000000000000ffff00", writing(unmap)),
  command("4d01ffff00ffffffff00", senseLogs),
  command("55110000000000ffff00", selectModes),
  command("5a18ffff000000ffff00", senseModes),
  command("88f8ffffffffffffffffffffffff3f00", onMedium(read)),
  command("89f8ffffffffffffffff000000ff3f00", writing(compareAndWrite)),
  command("8af8ffffffffffffffffffffffff3f00", writing(write)),
  command("8bf8ffffffffffffffffffffffff3f00", writing(orWrite)),
  command("8ef2ffffffffffffffffffffffff3f00", writing(writeAndVerify)),
  command("8ff6ffffffffffffffffffffffff3f00", onMedium(verify)),
  command("9002ffffffffffffffffffffffff3f00", onMedium(prefetch)),
  command("9102ffffffffffffffffffffffff3f00", onMedium(synchronizeCache)),
  command("93f9ffffffffffffffffffffffff3f00", writing(writeSame)),
  command("9cf8ffffffffffffffffffffffff3f00", writing(writeAtomically)),
  { ...command("9e10ffffffffffffffffffffffff0100", onMedium(readCapacity)), serviceAction: 0x10 },
  { ...command("9e12ffffffffffffffffffffffff0000", onMedium(provisioningStatus)), serviceAction: 0x12 },
  command("a8f8ffffffffffffffff3f00", onMedium(read)),
  command("aaf8ffffffffffffffff3f00", writing(write)),
  command("aef2ffffffffffffffff3f00", writing(writeAndVerify)),
  command("aff6ffffffffffffffff3f00", onMedium(verify)),
  command("b71f00000000ffffffff0000", onMedium(readDefects)),
];

function command(usage: string, run: Run): DiskCommand {
  return { opcode: Number.parseInt(usage.slice(0, 2), 16), usage, timeoutSeconds: 60, run };
}

function onMedium(run: Run): Run {
  return (disk, asked) => {
    const reason = notReady(disk);
    return reason === undefined ? run(disk, asked) : check(reason);
  };
}

function writing(run: Run): Run {
  return onMedium((disk, asked) => (disk.writeProtected ? check(diskSenses.softwareProtected) : run(disk, asked)));
}
