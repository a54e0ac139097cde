import { buildSense, type ScsiCommand, type ScsiCompletion, status, type Transport } from "../../../src/scsi/index.ts";

const good: ScsiCompletion = { status: status.good, sense: new Uint8Array(0), transferredBytes: 0 };
const conflict: ScsiCompletion = { ...good, status: status.reservationConflict };

/** One drive that several hosts reach, as far as exclusive reservations go (SPC-5, 5.13); the other commands are GOOD. */
export class SharedDevice {
  readonly registrations = new Map<string, string>();
  holder: string | undefined;
  type = 3;
  readonly attentions = new Map<string, [asc: number, ascq: number][]>();
  readonly seen: string[] = [];
  hasReservations = true;

  path(host: string): Transport {
    return {
      name: "drive-0",
      maxTransferBytes: 1 << 20,
      execute: (command) => Promise.resolve(this.#execute(host, command)),
      close: () => Promise.resolve(),
    };
  }

  /** Loss of power: without APTPL nothing is kept. */
  losePower(): void {
    const hosts = [...this.registrations.keys()];
    this.registrations.clear();
    this.holder = undefined;
    for (const host of hosts) this.#attend(host, 0x29, 0);
  }

  #attend(host: string, asc: number, ascq: number): void {
    this.attentions.set(host, [...(this.attentions.get(host) ?? []), [asc, ascq]]);
  }

  #execute(host: string, command: ScsiCommand): ScsiCompletion {
    const attention = this.attentions.get(host)?.shift();
    if (attention !== undefined) return sensed(6, ...attention);
    const opcode = command.cdb[0];
    if (opcode === 0x5e || opcode === 0x5f) {
      if (!this.hasReservations) return sensed(5, 0x20, 0);
      return opcode === 0x5e ? this.#in(command) : this.#out(host, command);
    }
    if (this.holder !== undefined && this.holder !== host) return conflict;
    this.seen.push(`${host} ${String(opcode)}`);
    return good;
  }

  #in({ cdb, dataIn }: ScsiCommand): ScsiCompletion {
    const held = this.holder === undefined ? [] : [this.holder];
    const body = cdb[1] === 1
      ? held.map((host) => Buffer.concat([this.#key(host), Buffer.from([0, 0, 0, 0, 0, this.type, 0, 0])]))
      : [...this.registrations.keys()].map((host) => this.#descriptor(host));
    const data = Buffer.concat([Buffer.alloc(8), ...body]);
    data.writeUInt32BE(data.length - 8, 4);
    dataIn?.set(data);
    return { ...good, transferredBytes: data.length };
  }

  #descriptor(host: string): Buffer {
    const name = Buffer.from(`iqn.example:${host}\0`);
    const head = Buffer.alloc(24);
    this.#key(host).copy(head);
    if (this.holder === host) head.set([1, this.type], 12);
    head.writeUInt32BE(4 + name.length, 20);
    return Buffer.concat([head, Buffer.from([0x05, 0, 0, name.length]), name]);
  }

  #key(host: string): Buffer {
    return Buffer.from(this.registrations.get(host) ?? "", "hex");
  }

  #out(host: string, { cdb, dataOut }: ScsiCommand): ScsiCompletion {
    const key = Buffer.from(dataOut!.subarray(0, 8)).toString("hex");
    const actionKey = Buffer.from(dataOut!.subarray(8, 16)).toString("hex");
    const none = "0".repeat(16);
    const mine = this.registrations.get(host);
    const action = cdb[1];
    if (action === 0 && (mine ?? none) !== key) return conflict;
    if (action === 0 || action === 6) {
      if (actionKey === none) {
        this.registrations.delete(host);
        if (this.holder === host) this.holder = undefined;
      } else this.registrations.set(host, actionKey);
      return good;
    }
    if (mine === undefined || mine !== key) return conflict;
    if (action === 1) {
      if (this.holder !== undefined && this.holder !== host) return conflict;
      this.holder = host;
      this.type = cdb[2]! & 0x0f;
    }
    if (action === 2 && this.holder === host) this.holder = undefined;
    if (action === 5) this.#preempt(host, actionKey);
    return good;
  }

  #preempt(host: string, key: string): void {
    for (const [other, its] of this.registrations) {
      if (other === host || its !== key) continue;
      this.registrations.delete(other);
      this.#attend(other, 0x2a, 0x05);
    }
    this.holder = host;
  }
}

function sensed(key: number, asc: number, ascq: number): ScsiCompletion {
  const flags = { deferred: false, filemark: false, endOfMedium: false, incorrectLength: false };
  return { status: status.checkCondition, sense: buildSense({ ...flags, key, asc, ascq }, "fixed"), transferredBytes: 0 };
}
