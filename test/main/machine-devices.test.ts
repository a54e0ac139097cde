import { afterEach, beforeEach, expect, it } from "vitest";
import { machineDevices } from "../../src/main/machine-devices.ts";
import { localDevices } from "../../src/transports/sgio/index.ts";
import { systemClock } from "../../src/words/index.ts";
import { type FakeMachine, fakeMachine } from "../transports/sgio/fake-machine.ts";

let machine: FakeMachine;
beforeEach(() => { machine = fakeMachine(); });
afterEach(() => { machine.remove(); });

it("lists drives, changers, optical drives and disks by names that last, and who holds them", async () => {
  const { dev } = machine.roots;
  machine.add({ address: "3:0:0:0", type: 8, vendor: "MAKER", model: "LOADER", serial: "CHANGER-1", classes: ["scsi_generic/sg9", "scsi_changer/sch0"] });
  machine.add({ address: "3:0:1:0", type: 1, vendor: "MAKER", model: "DRIVE", serial: "DRIVE-1", classes: ["scsi_generic/sg10", "scsi_tape/st0", "scsi_tape/nst0"] });
  machine.add({ address: "4:0:0:0", type: 5, vendor: "MAKER", model: "DVD", classes: ["scsi_generic/sg11"] });
  machine.process(4711, "tar", `${dev}/nst0`);
  const devices = await machineDevices(localDevices({ clock: systemClock, processId: process.pid, roots: machine.roots })).list();
  expect(devices.map(({ kind, reference }) => `${kind} ${reference}`)).toEqual([
    "changer serial:CHANGER-1", "drive serial:DRIVE-1", `optical ${dev}/sg11`,
  ]);
  expect(devices.map(({ holders }) => holders.map(({ command, processId }) => `${command} ${String(processId)}`))).toEqual([[], ["tar 4711"], []]);
});
