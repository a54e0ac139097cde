import { createHash } from "node:crypto";
import {
  type BootstrapFound,
  descriptionSignedName,
  type FoundMember,
  type Manifest,
  objectChunks,
  objectRole,
  type ObjectReader,
  type ObjectRole,
  readBootstrap,
  readSeal,
  readTrailer,
  type Seal,
  signerCertificateName,
  type VerifyText,
  type VolumeMedium,
} from "../../formats/volume/index.ts";
import type { ObjectRecord } from "../../records/index.ts";
import { asStrongroomError, StrongroomError } from "../../words/index.ts";
import { finding, type Finding, type FindingCode } from "./findings.ts";

export interface VerifyRequest {
  readonly medium: VolumeMedium;
  readonly verify: VerifyText;
  /** Believes one certificate, armored: that of a volume whose signer is not known here. */
  readonly believing: (certificate: Uint8Array) => Promise<VerifyText>;
  /** What the records say is on the volume; empty for a volume they do not know. */
  readonly recorded: readonly ObjectRecord[];
  readonly volumeUuid: string | undefined;
  /** First object to read; those before it are taken as recorded. */
  readonly fromObject: number;
  /** Only these of the recorded objects, ascending, a segment with its seal; everything else is taken as recorded. Undefined: all there is. */
  readonly only?: readonly number[];
  /** Called when everything there is to say about an object was said, but for what a trailer behind it may add. */
  readonly onChecked?: (object: number) => void;
  /** A failure that says nothing about the volume ends the reading, and is thrown on. None is, unless told. */
  readonly isElsewhere?: (error: StrongroomError) => boolean;
  readonly onBytes: (countBytes: number) => void;
  /** Called for each segment once it is known whether it and its seal are as they were made. The last word on an object counts. */
  readonly onSegment: (object: number, isIntact: boolean) => void;
  readonly onFinding: (finding: Finding) => void;
  readonly signal: AbortSignal;
}

export interface VerifySummary {
  readonly objects: number;
  readonly readBytes: number;
}

/** What was measured of one object. */
interface Measured {
  readonly number: number;
  readonly role: ObjectRole | undefined;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const unknownGapsMax = 1000;

/**
 * Reads a volume from one object to its end, and compares: each segment with the signed seal behind it, everything with the signed manifest of each
 * trailer, everything with the records where there are any. Needs no secret. Goes on behind whatever is damaged.
 */
export async function verifyVolume(request: VerifyRequest): Promise<VerifySummary> {
  return await new VolumeCheck(request).run();
}

class VolumeCheck {
  readonly #request: VerifyRequest;
  readonly #measured: Measured[] = [];
  readonly #recorded: ReadonlyMap<number, ObjectRecord>;
  readonly #reported = new Set<number>();
  #verify: VerifyText;
  #readBytes = 0;

  constructor(request: VerifyRequest) {
    this.#request = request;
    this.#verify = request.verify;
    this.#recorded = new Map(request.recorded.map((object) => [object.number, object]));
    const only = request.only === undefined ? undefined : new Set(request.only);
    for (const object of request.recorded) {
      if (object.number < request.fromObject || only?.has(object.number) === false) this.#measured.push(object);
    }
  }

  async run(): Promise<VerifySummary> {
    const { medium, fromObject, only, signal } = this.#request;
    if (only) return await this.#runOnly(only.filter((number) => number >= fromObject));
    let number = fromObject;
    for (;; number += 1) {
      signal.throwIfAborted();
      if (!(await this.#checkNext(medium, number))) break;
      this.#request.onChecked?.(number);
    }
    for (const missing of this.#recorded.keys()) if (missing >= number) this.#reportMissing(missing);
    if (this.#measured.length > 1 && this.#measured.at(-1)?.role !== "trailer") {
      this.#report("note", "SESSION_OPEN", number - 1, "last", "no trailer closes the last session");
    }
    return { objects: number - fromObject, readBytes: this.#readBytes };
  }

  async #runOnly(numbers: readonly number[]): Promise<VerifySummary> {
    for (const [index, number] of numbers.entries()) {
      this.#request.signal.throwIfAborted();
      if (!(await this.#checkNext(this.#request.medium, number))) {
        for (const missing of numbers.slice(index)) this.#reportMissing(missing);
        break;
      }
      this.#request.onChecked?.(number);
    }
    return { objects: numbers.length, readBytes: this.#readBytes };
  }

  #reportMissing(number: number): void {
    const role = this.#recorded.get(number)?.role ?? "object";
    this.#report("err", "OBJECT_MISSING", number, role, "is in the records, but the medium ends before it");
    if (role === "segment") this.#request.onSegment(number, false);
  }

  /** False at the end of the data. */
  async #checkNext(medium: VolumeMedium, number: number): Promise<boolean> {
    const expectedRole = this.#recorded.get(number)?.role;
    try {
      const reader = await medium.readObject(number);
      if (reader === "end-of-data") return false;
      await this.#check(number, reader);
    } catch (error) {
      const known = asStrongroomError(error);
      if (this.#request.signal.aborted || known.kind === "internal" || known.kind === "busy") throw error;
      if (this.#request.isElsewhere?.(known) === true) throw error;
      if (known.code === "OBJECT_GONE") this.#report("err", "OBJECT_MISSING", number, expectedRole ?? "object", "is missing");
      else this.#report("err", "OBJECT_UNREADABLE", number, expectedRole ?? "object", `cannot be read: ${known.message}`);
      if (expectedRole === "segment") this.#request.onSegment(number, false);
      if (expectedRole === "seal") this.#request.onSegment(number - 1, false);
      if (known.code === "OBJECT_GONE") return this.#goesOnBehindGap(number);
      // What lies behind an unreadable place can be reached only where the records promise that there is something.
      return this.#recorded.has(number + 1);
    }
    return true;
  }

  /** Names of files may be anything on a volume that the records do not know: a million missing objects are not worth a look each. */
  #goesOnBehindGap(number: number): boolean {
    return this.#recorded.size > 0 ? number < Math.max(...this.#recorded.keys()) : this.#reported.size < unknownGapsMax;
  }

  async #check(number: number, reader: ObjectReader): Promise<void> {
    const tee = new MeasuringReader(reader, (countBytes) => {
      this.#readBytes += countBytes;
      this.#request.onBytes(countBytes);
    });
    const role = await tee.role();
    const expectedRole = this.#recorded.get(number)?.role ?? role;
    const problem = await this.#readAs(expectedRole, number, tee).catch((error: unknown) => this.#problemOf(error));
    await tee.drain();
    // An object whose beginning is damaged is still the one that was recorded.
    const measured: Measured = { number, role: expectedRole, sizeBytes: tee.sizeBytes, sha256: tee.digest() };
    this.#measured.push(measured);
    const isIntact = this.#compareWithRecord(measured, expectedRole, problem);
    // A copy is good when its segment and its seal are: a damaged seal counts against the segment before it.
    if (expectedRole === "segment" && !isIntact) this.#request.onSegment(number, false);
    if (expectedRole === "seal" && !isIntact) this.#request.onSegment(number - 1, false);
  }

  /** Reads an object as what it should be. Returns what is wrong with it, in words. */
  async #readAs(role: ObjectRole | undefined, number: number, reader: MeasuringReader): Promise<string | undefined> {
    const verify = this.#verify;
    if (role === "bootstrap") return await this.#checkBootstrap(reader);
    if (role === "trailer") {
      const manifest = await readTrailer(reader.chunks(), verify, readThrough);
      return this.#compareWithManifest(manifest, number);
    }
    if (role === "seal") {
      this.#compareWithSeal(await readSeal(await reader.whole(), verify), number);
      return undefined;
    }
    return role === undefined ? "is none of the objects that a volume has" : undefined;
  }

  async #checkBootstrap(reader: MeasuringReader): Promise<string | undefined> {
    const found = await readBootstrap(reader.chunks(), this.#request.verify);
    if (found.kind === "foreign") return "cannot be read as the beginning of a volume";
    const { volumeUuid } = this.#request;
    if (volumeUuid !== undefined && found.description.volumeUuid !== volumeUuid) {
      this.#report("err", "VOLUME_DIFFERS", 0, "bootstrap", `names volume ${found.description.volumeUuid}, the records name ${volumeUuid}`);
    }
    if (found.signature === "bad" || found.signature === "absent") return "its description is not as it was signed";
    if (found.signature === "unknown-signer") {
      // On a volume of ours a stranger's signature is damage, and the records tell what was there.
      if (this.#recorded.size === 0 && !(await this.#believeStranger(found))) return "its description is not as it was signed";
      this.#report("warn", "SIGNER_NOT_KNOWN", 0, "bootstrap", `is signed by ${found.description.signer}, which is not known here`);
    }
    return undefined;
  }

  /**
   * A volume brings the certificate of its signer. It cannot prove who that is, which is said, but it can prove that everything was signed by the
   * same key and is as it was then. False when not even the description is.
   */
  async #believeStranger({ description, members }: Extract<BootstrapFound, { kind: "strongroom" }>): Promise<boolean> {
    const certificate = members.get(signerCertificateName);
    const signed = members.get(descriptionSignedName);
    if (!certificate || !signed) return false;
    try {
      const verify = await this.#request.believing(certificate);
      const { signer } = await verify(Buffer.from(signed).toString());
      if (signer.toUpperCase() !== description.signer.toUpperCase()) return false;
      this.#verify = verify;
      return true;
    } catch (error) {
      this.#problemOf(error);
      return false;
    }
  }

  #compareWithSeal(seal: Seal, number: number): void {
    const segment = this.#measured.findLast((object) => object.number === number - 1);
    if (!segment || this.#reported.has(number - 1)) return;
    const isIntact = segment.sizeBytes === seal.sealedBytes && segment.sha256 === seal.sealedSha256;
    if (!isIntact) this.#report("err", "SEGMENT_DAMAGED", number - 1, `segment ${String(seal.segment)}`, "is not what its seal says");
    this.#request.onSegment(number - 1, isIntact);
  }

  #compareWithManifest(manifest: Manifest, number: number): string | undefined {
    if (manifest.trailerNumber !== number) return `its manifest is that of object ${String(manifest.trailerNumber)}`;
    if (this.#request.volumeUuid !== undefined && manifest.volumeUuid !== this.#request.volumeUuid) return "its manifest is that of another volume";
    const byNumber = new Map(this.#measured.map((object) => [object.number, object]));
    for (const promised of manifest.objects) {
      const found = byNumber.get(promised.number);
      if (!found || (found.sha256 === promised.sha256 && found.sizeBytes === promised.sizeBytes)) continue;
      this.#report("err", codeFor(promised.role), promised.number, promised.role, "is not what the signed manifest says");
    }
    return undefined;
  }

  #compareWithRecord(measured: Measured, role: ObjectRole | undefined, problem: string | undefined): boolean {
    const record = this.#recorded.get(measured.number);
    const code = codeFor(role);
    if (problem !== undefined) this.#report("err", code, measured.number, role ?? "object", problem);
    if (!record) {
      if (this.#recorded.size > 0) this.#report("err", "OBJECT_UNKNOWN", measured.number, role ?? "object", "is not in the records");
      return problem === undefined;
    }
    if (measured.sha256 === record.sha256 && measured.sizeBytes === record.sizeBytes) return problem === undefined;
    const how =
      measured.sizeBytes === record.sizeBytes
        ? "differs from what was written"
        : `has ${String(measured.sizeBytes)} bytes, ${String(record.sizeBytes)} were written`;
    this.#report("err", code, measured.number, role ?? "object", how);
    return false;
  }

  #problemOf(error: unknown): string {
    const known = asStrongroomError(error);
    if (known.kind === "internal" || !(error instanceof StrongroomError) || this.#request.isElsewhere?.(known) === true) throw error;
    return known.message;
  }

  /** One finding an object is enough: the first says what is wrong, later ones would say it again. */
  #report(severity: Finding["severity"], code: FindingCode, object: number, role: string, what: string): void {
    if (severity === "err") {
      if (this.#reported.has(object)) return;
      this.#reported.add(object);
    }
    this.#request.onFinding(finding(severity, code, { barcode: this.#request.medium.barcode, object, role }, what));
  }
}

/** What is taken of a member is compared with the manifest: so all of it is taken. */
async function readThrough(member: FoundMember): Promise<void> {
  for await (const _chunk of member.content());
}

function codeFor(role: ObjectRole | undefined): FindingCode {
  const codes = { bootstrap: "BOOTSTRAP_DAMAGED", segment: "SEGMENT_DAMAGED", seal: "SEAL_DAMAGED", trailer: "TRAILER_DAMAGED" } as const;
  return role === undefined ? "OBJECT_UNKNOWN" : codes[role];
}

/** Measures everything that passes, whoever reads it and however far; a first look tells the role. */
class MeasuringReader {
  readonly #chunks: AsyncGenerator<Uint8Array>;
  readonly #hash = createHash("sha256");
  readonly #onBytes: (countBytes: number) => void;
  #head: Uint8Array | undefined;
  sizeBytes = 0;

  constructor(reader: ObjectReader, onBytes: (countBytes: number) => void) {
    this.#chunks = objectChunks(reader);
    this.#onBytes = onBytes;
  }

  async role(): Promise<ObjectRole | undefined> {
    const first = await this.#next();
    this.#head = first;
    return first === undefined ? undefined : objectRole(first);
  }

  /** From the beginning; to be used once. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const head = this.#head;
    this.#head = undefined;
    if (head) yield head;
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) yield chunk;
  }

  /** The whole of a small object; what is larger than any seal is cut there, and fails as one. */
  async whole(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const chunk of this.chunks()) {
      parts.push(Buffer.from(chunk));
      sizeBytes += chunk.length;
      if (sizeBytes > 1024 * 1024) break;
    }
    return Buffer.concat(parts);
  }

  /** Reads whatever nobody has read, so that the digest is that of all of it. */
  async drain(): Promise<void> {
    for (let chunk = await this.#next(); chunk; chunk = await this.#next());
  }

  digest(): string {
    return this.#hash.digest("hex");
  }

  async #next(): Promise<Uint8Array | undefined> {
    const next = await this.#chunks.next();
    if (next.done === true) return undefined;
    this.#hash.update(next.value);
    this.sizeBytes += next.value.length;
    this.#onBytes(next.value.length);
    return next.value;
  }
}
