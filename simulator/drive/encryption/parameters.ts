import { decryptionMode, encryptionMode, encryptionScope, type KeyData } from "../../../src/scsi/index.ts";

/** One set of data encryption parameters (SSC-5, 4.2.21.8). Gone with the drive's power: a key is only ever in memory. */
export interface EncryptionParameters {
  readonly scope: number;
  readonly encryption: number;
  readonly decryption: number;
  readonly algorithmIndex: number;
  readonly key: Uint8Array;
  readonly keyData: readonly KeyData[];
  readonly keyInstance: number;
  readonly rawReadable: boolean;
  readonly clearsAtDemount: boolean;
  /** CEEM: look whether a block was encrypted outside of the drive. */
  readonly externalCheck: number;
}

export const algorithmIndex = 1;
export const keyBytes = 32;
export const longestUserData = 32;
export const longestAuthenticatedData = 12;

const none: Omit<EncryptionParameters, "keyInstance"> = {
  scope: encryptionScope.public,
  encryption: encryptionMode.disable,
  decryption: decryptionMode.disable,
  algorithmIndex: 0,
  key: new Uint8Array(0),
  keyData: [],
  rawReadable: false,
  clearsAtDemount: false,
  externalCheck: 0,
};

/** Who set what: parameters for one path win over those for all (SSC-5, 4.2.21.9). */
export class ParameterTable {
  readonly #local = new Map<string, EncryptionParameters>();
  readonly #locked = new Map<string, number>();
  #shared: EncryptionParameters = { ...none, keyInstance: 0 };
  #changes = 0;

  /** What holds for that path. */
  of(nexus: string): EncryptionParameters {
    return this.#local.get(nexus) ?? this.#shared;
  }

  isLocal(nexus: string): boolean {
    return this.#local.has(nexus);
  }

  /** Under which instance of the key that path wants to stay, if it said so. */
  lockOf(nexus: string): number | undefined {
    return this.#locked.get(nexus);
  }

  /** Counts the change. `public` takes back what that path had of its own. */
  set(nexus: string, parameters: Omit<EncryptionParameters, "keyInstance">, locks: boolean): void {
    this.#changes += 1;
    const numbered = { ...parameters, keyInstance: this.#changes };
    if (parameters.scope === encryptionScope.local) this.#local.set(nexus, numbered);
    else this.#local.delete(nexus);
    if (parameters.scope === encryptionScope.allNexuses) this.#shared = numbered;
    if (locks) this.#locked.set(nexus, this.of(nexus).keyInstance);
    else this.#locked.delete(nexus);
  }

  demounted(): void {
    for (const [nexus, { clearsAtDemount }] of this.#local) if (clearsAtDemount) this.#local.delete(nexus);
    if (!this.#shared.clearsAtDemount) return;
    this.#changes += 1;
    this.#shared = { ...none, keyInstance: this.#changes };
  }

  /** A path that went away takes what it had of its own along. */
  departed(nexus: string): void {
    this.#local.delete(nexus);
    this.#locked.delete(nexus);
  }
}
