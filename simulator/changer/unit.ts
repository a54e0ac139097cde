import type { LibraryHome } from "../home/index.ts";
import type { MachineTime } from "../time/index.ts";
import { Attentions, type Device, type KnownCommand, type UnitIdentity } from "../unit/index.ts";
import { check, invalidField } from "../wire/index.ts";
import type { Changer, ChangerCommand } from "./changer.ts";
import { changerCommands, letMailSlotsGo, timeoutSecondsOf } from "./commands.ts";
import { hasQuirk } from "./elements.ts";
import { beginInventory, inventoryUnderWay, newReadiness, notReady, noticeNews } from "./readiness.ts";

const changer = { vendor: "VIRTUAL", product: "TAPE LIBRARY", revision: "0100" } as const;

export function openChangerUnit(home: LibraryHome, time: MachineTime): Device {
  const unit: Changer = {
    home,
    time,
    attentions: new Attentions(),
    readiness: newReadiness(home.state()),
    descriptorSense: false,
    caller: "",
    mailSlotHolds: new Map(),
    sought: new Map(),
  };
  const commands = commandsOf(unit);
  return {
    attentions: unit.attentions,
    commands: [...commands].map(([opcode, { usage }]): KnownCommand => ({ opcode, usage, timeoutSeconds: timeoutSecondsOf(home.state(), opcode) })),
    identity: () => identityOf(unit),
    notice: () => {
      noticeNews(unit);
      return Promise.resolve();
    },
    condition: () => notReady(unit),
    descriptorSense: () => unit.descriptorSense,
    disconnect: async (nexus) => {
      unit.sought.delete(nexus);
      await letMailSlotsGo(unit, nexus);
    },
    execute: async (command, nexus) => {
      unit.caller = nexus;
      const known = commands.get(command.cdb[0]!);
      if (known === undefined) return check(invalidField(0));
      const refusal = refusalOf(unit, known);
      return refusal === undefined ? await known.run(unit, command) : check(refusal);
    },
    reset: () => beginAnew(unit),
    powerCycle: async () => {
      await beginAnew(unit);
      Object.assign(unit.readiness, newReadiness(home.state()));
      beginInventory(unit);
    },
    close: () => beginAnew(unit),
  };
}

function commandsOf({ home }: Changer): ReadonlyMap<number, ChangerCommand> {
  if (!hasQuirk(home.state(), "no-exchange")) return changerCommands;
  return new Map([...changerCommands].filter(([opcode]) => opcode !== 0xa6));
}

function refusalOf(unit: Changer, { needs }: ChangerCommand): ReturnType<typeof notReady> {
  if (needs === "robot") return notReady(unit);
  return needs === "inventory" ? inventoryUnderWay(unit) : undefined;
}

async function beginAnew(unit: Changer): Promise<void> {
  for (const nexus of [...unit.mailSlotHolds.keys()]) await letMailSlotsGo(unit, nexus);
  unit.sought.clear();
  unit.descriptorSense = false;
}

function identityOf(unit: Changer): UnitIdentity {
  return { deviceType: 0x08, ...changer, serial: unit.home.state().serial, versions: [0x00a0, 0x0460, 0x0480], pages: new Map() };
}
