import type { Delivery, LibraryPort, Nexus, ResetScope } from "../../../simulator/index.ts";
import type { ScsiCommand } from "../../../src/scsi/index.ts";

/** A port that does what a script says, and remembers what it was asked. Unit 1 is there, no other. */
export class ScriptedPort implements LibraryPort {
  readonly seen: string[] = [];
  readonly commands: ScsiCommand[] = [];
  readonly #answer: (command: ScsiCommand) => Delivery | Promise<Delivery>;

  constructor(answer: (command: ScsiCommand) => Delivery | Promise<Delivery>) {
    this.#answer = answer;
  }

  units(): readonly number[] {
    return [0, 1];
  }

  async keepOn(): Promise<() => Promise<void>> {
    await Promise.resolve();
    return async () => { await Promise.resolve(); };
  }

  connect({ name }: Nexus): void {
    this.seen.push(`connect ${name}`);
  }

  async disconnect({ name }: Nexus): Promise<void> {
    this.seen.push(`disconnect ${name}`);
    await Promise.resolve();
  }

  async deliver(lun: number, _nexus: Nexus, command: ScsiCommand): Promise<Delivery> {
    this.seen.push(`${String(command.cdb[0])} to ${String(lun)}`);
    this.commands.push({ ...command, ...(command.dataOut === undefined ? {} : { dataOut: command.dataOut.slice() }) });
    return await this.#answer(command);
  }

  withholdsData(): boolean {
    return false;
  }

  async reset(scope: ResetScope): Promise<void> {
    this.seen.push(`reset ${String(scope)}`);
    await Promise.resolve();
  }

  async loseReservations(lun: number): Promise<void> {
    this.seen.push(`lose ${String(lun)}`);
    await Promise.resolve();
  }

  async powerCycle(lun: number): Promise<void> {
    this.seen.push(`power ${String(lun)}`);
    await Promise.resolve();
  }
}

export const good = (transferredBytes: number): Delivery => ({ kind: "completion", completion: { status: 0, sense: new Uint8Array(0), transferredBytes } });
/** Takes all that is written, and fills all that is asked for. */
export const willing = ({ dataOut, dataIn, cdb }: ScsiCommand): Delivery => {
  if (dataOut !== undefined) return good(dataOut.length);
  const wanted = ((cdb[2] ?? 0) << 16) | ((cdb[3] ?? 0) << 8) | (cdb[4] ?? 0);
  dataIn?.subarray(0, wanted).forEach((_, at, all) => { all[at] = at * 7 + (at >> 8); });
  return good(Math.min(wanted, dataIn?.length ?? 0));
};
