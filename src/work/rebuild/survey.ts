import { createHash } from "node:crypto";
import { createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { UnlockedKey } from "../../formats/openpgp/index.ts";
import {
  decodeCatalogLine,
  type FoundMember,
  type Manifest,
  maxSealBytes,
  objectChunks,
  type ObjectRole,
  objectRole,
  parseTrailerMemberName,
  readSeal,
  readTrailer,
  readWhole,
  trailerMemberName,
  type VerifyText,
  type VolumeDescription,
  type VolumeMedium,
} from "../../formats/volume/index.ts";
import { asStrongroomError, StrongroomError } from "../../words/index.ts";
import { readSealedLines } from "./sealed-lines.ts";

export interface SurveyRequest {
  readonly medium: VolumeMedium;
  readonly description: VolumeDescription;
  readonly verify: VerifyText;
  readonly keys: readonly UnlockedKey[];
  /** Where catalogs, logs and records are put, under their names. */
  readonly sessionsPath: string;
  readonly onBytes: (countBytes: number) => void;
  /** What is wrong with the volume, in words; the rest of it is used all the same. */
  readonly onProblem: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Everything that a rebuild needs to know of one volume, so that it is read once. JSON. */
export interface SurveyedVolume {
  readonly volumeUuid: string;
  readonly barcode: string;
  readonly pool: string;
  readonly medium: "tape" | "folder";
  readonly blockSizeBytes: number;
  readonly createdMs: number;
  readonly totalBytes: number | undefined;
  /** From 0 on, without gaps; what an interrupted writing left at the end counts for nothing and is not there. */
  readonly objects: readonly SurveyedObject[];
  readonly sessionOpen: boolean;
  /** Signed texts of seals that were checked, with the object they prove. */
  readonly seals: readonly { readonly object: number; readonly text: string }[];
  /** Of the newest trailer that could be read. */
  readonly newestTrailer: { readonly number: number; readonly writtenMs: number } | undefined;
}

export interface SurveyedObject {
  readonly number: number;
  readonly role: ObjectRole;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly writtenMs: number;
}

/**
 * Learns what is on a volume with as little winding as can be: from its end back to the newest trailer that can be read, whose manifest lists
 * everything before it; then the trailers whose catalogs that one does not carry, and the seals that no catalog has. Reads no segment.
 */
export async function surveyVolume(request: SurveyRequest): Promise<SurveyedVolume> {
  return await new Survey(request).run();
}

class Survey {
  readonly #request: SurveyRequest;
  readonly #objects = new Map<number, SurveyedObject>();
  readonly #seals = new Map<number, string>();
  /** Catalogs and logs that this volume itself gave: those that others carry of it may be of a volume that was on the cartridge before. */
  readonly #taken = new Set<string>();

  constructor(request: SurveyRequest) {
    this.#request = request;
  }

  async run(): Promise<SurveyedVolume> {
    const { medium, description } = this.#request;
    const newest = await this.#newestManifest(await medium.countObjects());
    if (newest) await this.#earlierTrailers(newest);
    await this.#missingSeals();
    const objects = this.#wholeObjects();
    return {
      volumeUuid: description.volumeUuid,
      barcode: description.barcode,
      pool: description.pool,
      medium: medium.kind,
      blockSizeBytes: description.blockSizeBytes,
      createdMs: description.createdAtMs,
      totalBytes: medium.kind === "tape" ? (await medium.capacity()).totalBytes : undefined,
      objects,
      sessionOpen: objects.length > 1 && objects.at(-1)!.role !== "trailer",
      seals: [...this.#seals].map(([object, text]) => ({ object, text })).sort((a, b) => a.object - b.object),
      newestTrailer: newest && { number: newest.trailerNumber, writtenMs: newest.writtenAtMs },
    };
  }

  /** Backwards, because what is behind the newest trailer is little: the session that was open when writing stopped. */
  async #newestManifest(count: number): Promise<Manifest | undefined> {
    for (let number = count - 1; number >= 0; number -= 1) {
      this.#request.signal.throwIfAborted();
      const manifest = await this.#lookAt(number);
      if (!manifest) continue;
      const { createdAtMs } = this.#request.description;
      for (const object of manifest.objects) this.#put({ ...object, writtenMs: object.number === 0 ? createdAtMs : manifest.writtenAtMs });
      return manifest;
    }
    return undefined;
  }

  /** An object behind the newest trailer. Answers the manifest when it is that trailer. */
  async #lookAt(number: number): Promise<Manifest | undefined> {
    const { medium, description } = this.#request;
    try {
      const reader = await medium.readObject(number);
      if (reader === "end-of-data") return undefined;
      const chunks = objectChunks(reader);
      const first = await chunks.next();
      const role = first.done === true ? undefined : objectRole(first.value);
      if (first.done === true || role === undefined || role === "segment") {
        await chunks.return(undefined);
        return undefined;
      }
      const head = Buffer.from(first.value);
      if (role === "seal") await this.#takeSeal(number, joined(head, chunks));
      if (role === "trailer") return await this.#takeTrailer(number, joined(head, chunks));
      if (role === "bootstrap") this.#put({ number, role, ...(await measured(joined(head, chunks))), writtenMs: description.createdAtMs });
    } catch (error) {
      this.#problem(number, error);
    }
    return undefined;
  }

  async #takeSeal(number: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const object = await readWhole(chunks, maxSealBytes);
    if (!object) throw new StrongroomError("mismatch", "SEAL_WRONG", "a seal is too large");
    const seal = await readSeal(object, this.#request.verify);
    const writtenMs = seal.sealedAtMs;
    this.#seals.set(number - 1, Buffer.from(object).toString());
    this.#put({ number, role: "seal", sizeBytes: object.length, sha256: sha256Of(object), writtenMs });
    this.#put({ number: number - 1, role: "segment", sizeBytes: seal.sealedBytes, sha256: seal.sealedSha256, writtenMs });
  }

  async #takeTrailer(number: number, chunks: AsyncIterable<Uint8Array>): Promise<Manifest> {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    const onBytes = this.#request.onBytes;
    async function* measuring(): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        sizeBytes += chunk.length;
        onBytes(chunk.length);
        yield chunk;
      }
    }
    const bytes = measuring();
    const manifest = await readTrailer(keptOpen(bytes), this.#request.verify, async (member) => { await this.#takeMember(member); });
    for await (const _rest of bytes);
    if (manifest.trailerNumber !== number || manifest.volumeUuid !== this.#request.description.volumeUuid) {
      throw new StrongroomError("mismatch", "TRAILER_WRONG", "its manifest is that of another trailer");
    }
    this.#put({ number, role: "trailer", sizeBytes, sha256: hash.digest("hex"), writtenMs: manifest.writtenAtMs });
    return manifest;
  }

  async #takeMember(member: FoundMember): Promise<void> {
    const place = parseTrailerMemberName(member.name);
    if (!place) return;
    const path = join(this.#request.sessionsPath, member.name);
    const isOwn = place.barcode === this.#request.description.barcode;
    if (isOwn ? this.#taken.has(member.name) : existsSync(path)) return;
    // On the disk before it has its name: whoever goes on after a power cut takes what has a name for whole.
    try {
      await pipeline(member.content(), createWriteStream(`${path}.tmp`, { mode: 0o600, flush: true }));
    } catch (error) {
      rmSync(`${path}.tmp`, { force: true });
      throw error;
    }
    renameSync(`${path}.tmp`, path);
    if (isOwn) this.#taken.add(member.name);
  }

  async #earlierTrailers(newest: Manifest): Promise<void> {
    const { medium, description, signal } = this.#request;
    const earlier = newest.objects.filter(({ role }) => role === "trailer").reverse();
    for (const { number } of earlier) {
      signal.throwIfAborted();
      if (this.#taken.has(trailerMemberName("catalog", description.barcode, number))) continue;
      const known = this.#objects.get(number)!;
      try {
        const reader = await medium.readObject(number);
        if (reader !== "end-of-data") await this.#takeTrailer(number, objectChunks(reader));
      } catch (error) {
        this.#problem(number, error);
        this.#objects.set(number, known);
      }
    }
  }

  /** Catalogs bring the seals of their segments; those of older releases do not, and an open session has no catalog yet. */
  async #missingSeals(): Promise<void> {
    for (const name of this.#taken) {
      if (parseTrailerMemberName(name)?.kind === "catalog") await this.#sealsOfCatalog(name);
    }
    for (const { number, role, sha256 } of [...this.#objects.values()].sort((a, b) => a.number - b.number)) {
      if (role !== "segment" || this.#seals.has(number)) continue;
      this.#request.signal.throwIfAborted();
      await this.#lookAt(number + 1);
      const known = this.#objects.get(number)!;
      if (known.sha256 !== sha256) this.#seals.delete(number);
    }
  }

  async #sealsOfCatalog(name: string): Promise<void> {
    const candidates: { readonly object: number; readonly text: string }[] = [];
    try {
      await readSealedLines(join(this.#request.sessionsPath, name), this.#request.keys, (line) => {
        if (!line.startsWith('{"line":"segment"')) return;
        const segment = decodeCatalogLine(line);
        if (segment.kind === "segment" && segment.sealText !== undefined) candidates.push({ object: segment.objectNumber, text: segment.sealText });
      });
    } catch (error) {
      if (asStrongroomError(error).kind === "denied") throw error;
      this.#request.onProblem(`${name} on ${this.#request.description.barcode} cannot be used: ${asStrongroomError(error).message}`);
    }
    for (const { object, text } of candidates) {
      const seal = await readSeal(Buffer.from(text), this.#request.verify).catch((error: unknown) => { this.#problem(object + 1, error); });
      if (seal?.sealedSha256 === this.#objects.get(object)?.sha256) this.#seals.set(object, text);
    }
  }

  /** Up to the last one that is proven: a segment counts with its seal. */
  #wholeObjects(): readonly SurveyedObject[] {
    const objects: SurveyedObject[] = [];
    for (let object = this.#objects.get(0); object; object = this.#objects.get(objects.length)) objects.push(object);
    return objects;
  }

  #put(object: SurveyedObject): void {
    const { number, role, sizeBytes, sha256, writtenMs } = object;
    this.#objects.set(number, { number, role, sizeBytes, sha256, writtenMs });
  }

  #problem(number: number, error: unknown): void {
    const known = asStrongroomError(error);
    if (this.#request.signal.aborted || ["internal", "busy", "denied", "operator"].includes(known.kind)) throw error;
    // Our own disk has no room for what was read: that says nothing about the volume, and a catalog less would be snapshots less.
    if (ownDiskCodes.includes(known.code)) throw known;
    this.#request.onProblem(`object ${String(number)} of ${this.#request.description.barcode} cannot be used: ${known.message}`);
  }
}

/** What `asStrongroomError` makes of a call that failed; what fails on a volume has codes of media. */
const ownDiskCodes: readonly string[] = ["DISK_FULL", "DISK_FAILED"];

/** A reader of part of it does not end it: what follows is still to be measured. */
async function* keptOpen(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) yield next.value;
}

async function* joined(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

async function measured(chunks: AsyncIterable<Uint8Array>): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
