import type { openDevice, SgCommand, SgDevice } from "node-sg-ioctl";
import type { VirtualLibrary } from "../../../simulator/index.ts";
import type { Transport } from "../../../src/scsi/index.ts";
import { StrongroomError } from "../../../src/words/index.ts";
import { type FakeMachine, fakeMachine } from "./fake-machine.ts";

export interface SimulatedMachine {
  readonly machine: FakeMachine;
  /** In place of the kernel: /dev/sg9 is the changer, sg10, sg11, … the drives, last one first, as a kernel might find them. */
  readonly open: typeof openDevice;
  readonly changerPath: string;
  readonly drivePath: (number: number) => string;
}

/** A machine whose sysfs shows a simulated library, and whose sg nodes lead to it. */
export function simulatedMachine(library: VirtualLibrary): SimulatedMachine {
  const machine = fakeMachine();
  const { dev } = machine.roots;
  const last = library.driveCount - 1;
  const drivePath = (number: number): string => `${dev}/sg${String(10 + last - number)}`;
  machine.add({ address: "3:0:0:0", type: 8, vendor: "STRONGRM", model: "VIRTUAL-CHANGER", serial: "CHANGER-1", classes: ["scsi_generic/sg9", "scsi_changer/sch0"] });
  for (const [number, serial] of library.driveSerials.entries()) {
    const at = String(last - number);
    machine.add({
      address: `3:0:${String(last - number + 1)}:0`,
      type: 1,
      vendor: "STRONGRM",
      model: "VIRTUAL-TAPE",
      serial,
      classes: [`scsi_generic/sg${String(10 + last - number)}`, `scsi_tape/st${at}`, `scsi_tape/nst${at}`],
    });
  }
  const lunOf = (path: string): number => (path === `${dev}/sg9` ? 0 : last - (Number(path.slice(`${dev}/sg`.length)) - 10) + 1);
  return {
    machine,
    changerPath: `${dev}/sg9`,
    drivePath,
    open: async (path, { reservedBytes = 0 } = {}) => {
      try {
        return bridge(path, await library.transport(lunOf(path)), reservedBytes);
      } catch (thrown) {
        throw errorOf(path, thrown);
      }
    },
  };
}

function bridge(path: string, transport: Transport, reservedBytes: number): SgDevice {
  return {
    path,
    version: 3,
    driverVersion: 30_536,
    reservedBytes: Math.min(reservedBytes, transport.maxTransferBytes),
    reserve: (bytes) => Promise.resolve(bytes),
    unref: () => undefined,
    close: async () => { await transport.close(); },
    execute: async (command: SgCommand) => {
      const length = (command.dataIn ?? command.dataOut)?.length ?? 0;
      try {
        const { status, sense, transferredBytes } = await transport.execute(command);
        const driverStatus = sense.length > 0 ? 8 : 0;
        return { status, hostStatus: 0, driverStatus, sense, residualBytes: length - transferredBytes, direct: false, durationMs: 0 };
      } catch (thrown) {
        throw errorOf(path, thrown);
      }
    },
  };
}

const codes: Readonly<Record<string, string>> = { TRANSPORT_LOST: "ENODEV", TRANSPORT_CLOSED: "SG_ABORTED", TRANSPORT_BUSY: "EBUSY" };

function errorOf(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof StrongroomError)) return thrown;
  return Object.assign(new Error(thrown.message), { code: codes[thrown.code] ?? "EIO", path });
}
