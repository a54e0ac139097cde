import { createHash } from "node:crypto";
import type { ObjectRole, ObjectStream, VolumeMedium } from "../../formats/volume/index.ts";
import type { Inventory, ObjectRecord, VolumeRecord } from "../../records/index.ts";
import type { Clock } from "../../words/index.ts";

export type Appended = { readonly kind: "written"; readonly object: ObjectRecord } | { readonly kind: "full" };

interface Unsynced {
  readonly object: ObjectRecord;
  readonly alongside: (object: ObjectRecord) => void;
}

/**
 * Appends objects to one volume. What was appended is recorded by `sync`, all of it in one transaction, when it is on the medium: so what the records name is
 * there. Before an object is begun, the records say that something may be there, so that whoever comes after a crash knows what may be written over. An object that did not
 * fit leaves the volume as it was, and the next one is written in its place.
 */
export class VolumeWriter {
  readonly #medium: VolumeMedium;
  readonly #inventory: Inventory;
  readonly #clock: Clock;
  #volume: VolumeRecord;
  #unsynced: Unsynced[] = [];
  #nearEnd = false;
  /** What a run that broke off left behind the last recorded object is still on the medium. */
  #hasLeftovers: boolean;

  constructor(medium: VolumeMedium, volume: VolumeRecord, inventory: Inventory, clock: Clock) {
    this.#medium = medium;
    this.#volume = volume;
    this.#inventory = inventory;
    this.#clock = clock;
    this.#hasLeftovers = volume.begunObjects > volume.objects;
  }

  /** As it will be recorded, with what was appended since the last `sync`. */
  get volume(): VolumeRecord {
    return this.#volume;
  }

  /** The drive has warned that the end is near: only what closes the session should follow. */
  get nearEnd(): boolean {
    return this.#nearEnd;
  }

  /**
   * As the medium tells. Leftovers count as taken there until something is written over them: before that, room is estimated from what is recorded, and whoever
   * relies on it learns from `full` when it was too much.
   */
  async remainingBytes(): Promise<number> {
    const { totalBytes, remainingBytes } = await this.#medium.capacity();
    return this.#hasLeftovers ? Math.max(remainingBytes, totalBytes - this.#volume.bytesWritten) : remainingBytes;
  }

  /**
   * Writes the next object of the volume. `alongside` runs in the same transaction as the record of the object, so that, say, a copy
   * and its object are known together or not at all. `sha256` saves computing it where it is known; what is written is not trusted on
   * that account: it counts when it was read back.
   */
  async append(role: ObjectRole, stream: ObjectStream, sha256: string | undefined, alongside: (object: ObjectRecord) => void = () => undefined): Promise<Appended> {
    const number = this.#volume.objects;
    this.#begin(number);
    const writer = await this.#medium.writeObject(number, role);
    this.#hasLeftovers = false;
    const hash = sha256 === undefined ? createHash("sha256") : undefined;
    try {
      for await (const chunk of stream.chunks()) {
        hash?.update(chunk);
        const result = await writer.write(chunk);
        if (result === "early-warning") this.#nearEnd = true;
        if (result === "full") {
          await writer.abandon();
          return { kind: "full" };
        }
      }
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    if ((await writer.finish()) === "full") {
      await writer.abandon();
      return { kind: "full" };
    }
    const object: ObjectRecord = {
      volumeUuid: this.#volume.uuid,
      number,
      role,
      sizeBytes: stream.sizeBytes,
      sha256: sha256 ?? hash!.digest("hex"),
      writtenMs: this.#clock.nowMs(),
    };
    this.#unsynced.push({ object, alongside });
    this.#volume = { ...this.#volume, objects: number + 1, bytesWritten: this.#volume.bytesWritten + object.sizeBytes, sessionOpen: role !== "trailer" };
    return { kind: "written", object };
  }

  /** Returns when everything appended is on the medium and recorded. When it rejects, nothing of that is recorded, nor ever will be by this writer. */
  async sync(): Promise<void> {
    const unsynced = this.#unsynced;
    if (unsynced.length === 0) return;
    this.#unsynced = [];
    await this.#medium.sync();
    const { uuid, objects, bytesWritten, sessionOpen } = this.#volume;
    const change = { objects, bytesWritten, sessionOpen, begunObjects: objects };
    this.#inventory.atomically(() => {
      for (const { object } of unsynced) this.#inventory.addObject(object);
      this.#inventory.updateVolume(uuid, change);
      for (const { object, alongside } of unsynced) alongside(object);
    });
    this.#volume = { ...this.#volume, ...change };
  }

  /** Of what was appended since the last `sync` nothing is recorded any more; nobody goes on with this writer. */
  forget(): void {
    this.#unsynced = [];
  }

  /** What lies behind it on the medium since an earlier failure is still there until the first block is written. */
  #begin(number: number): void {
    if (this.#volume.begunObjects > number) return;
    this.#volume = { ...this.#volume, begunObjects: number + 1 };
    this.#inventory.updateVolume(this.#volume.uuid, { begunObjects: number + 1 });
  }
}
