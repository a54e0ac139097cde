import { Attentions, type Device } from "../unit/index.ts";
import type { Blocks } from "./blocks.ts";
import { diskCommands } from "./commands.ts";
import { type Disk, notReady } from "./model.ts";
import { identityOf } from "./pages.ts";

/** Switches a disk on whose blocks are in memory. They stay as they are whatever becomes of it. */
export function openDisk(blocks: Blocks, serial: string): Device {
  const disk: Disk = {
    blocks, serial, attentions: new Attentions(), descriptorSense: false, writeProtected: false, isLoaded: true,
    removalPreventedBy: new Set(), caller: "",
  };
  const forget = (): Promise<void> => {
    disk.descriptorSense = false;
    disk.writeProtected = false;
    disk.removalPreventedBy.clear();
    return Promise.resolve();
  };
  return {
    attentions: disk.attentions,
    commands: diskCommands,
    identity: () => identityOf(disk),
    notice: () => Promise.resolve(),
    condition: () => notReady(disk),
    descriptorSense: () => disk.descriptorSense,
    disconnect: (nexus) => {
      disk.removalPreventedBy.delete(nexus);
      return Promise.resolve();
    },
    execute: (command, nexus) => {
      disk.caller = nexus;
      const known = diskCommands.find(({ opcode, serviceAction }) => opcode === command.cdb[0] && (serviceAction ?? command.cdb[1]! & 0x1f) === (command.cdb[1]! & 0x1f));
      return Promise.resolve(known!.run(disk, command));
    },
    reset: forget,
    powerCycle: () => {
      disk.isLoaded = true;
      return forget();
    },
    close: () => Promise.resolve(),
  };
}
