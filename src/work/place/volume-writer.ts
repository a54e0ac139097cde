import { createHash } from "node:crypto";
import type { ObjectRole, ObjectStream, VolumeMedium } from "../../formats/volume/index.ts";
import type { Inventory, ObjectRecord, VolumeRecord } from "../../records/index.ts";
import type { Clock } from "../../words/index.ts";

export type Appended = { readonly kind: "synced"; readonly object: ObjectRecord } | { readonly kind: "full" };

/**
 * Appends objects to one volume. Each object is recorded only when it is on the medium, so what the records name is there;
 * an object that did not fit leaves the volume as it was, and the next one is written in its place.
 */
export class VolumeWriter {
  readonly #medium: VolumeMedium;
  readonly #inventory: Inventory;
  readonly #clock: Clock;
  #volume: VolumeRecord;
  #nearEnd = false;

  constructor(medium: VolumeMedium, volume: VolumeRecord, inventory: Inventory, clock: Clock) {
    this.#medium = medium;
    this.#volume = volume;
    this.#inventory = inventory;
    this.#clock = clock;
  }

  get volume(): VolumeRecord {
    return this.#volume;
  }

  /** The drive has warned that the end is near: only what closes the session should follow. */
  get nearEnd(): boolean {
    return this.#nearEnd;
  }

  async remainingBytes(): Promise<number> {
    return (await this.#medium.capacity()).remainingBytes;
  }

  /**
   * Writes the next object of the volume. `alongside` runs in the same transaction as the record of the object, so that, say, a copy
   * and its object are known together or not at all. `sha256` saves computing it where it is known; what is written is not trusted on
   * that account: it counts when it was read back.
   */
  async append(role: ObjectRole, stream: ObjectStream, sha256: string | undefined, alongside: (object: ObjectRecord) => void = () => undefined): Promise<Appended> {
    const number = this.#volume.objects;
    const writer = await this.#medium.writeObject(number, role);
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
    this.#record(object, alongside);
    return { kind: "synced", object };
  }

  #record(object: ObjectRecord, alongside: (object: ObjectRecord) => void): void {
    const change = {
      objects: object.number + 1,
      bytesWritten: this.#volume.bytesWritten + object.sizeBytes,
      sessionOpen: object.role !== "trailer",
    };
    this.#inventory.atomically(() => {
      this.#inventory.addObject(object);
      this.#inventory.updateVolume(this.#volume.uuid, change);
      alongside(object);
    });
    this.#volume = { ...this.#volume, ...change };
  }
}
