import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { createSegmentOpener } from "../../formats/message/index.ts";
import { type TarEntry, type TarHandler, TarReader } from "../../formats/tar/index.ts";
import { createZstdUnframer } from "../../formats/zstd/index.ts";
import { printable } from "../../words/index.ts";
import type { OpenProblem, SegmentOpened, SegmentTask, WantedEntry } from "./task.ts";
import type { FileWriter, TreeWriter } from "./target/index.ts";

const readBytes = 256 * 1024;

/** A file whose pieces come from several segments, open until the last one is there. */
interface SplitFile {
  readonly writer: FileWriter;
  missingBytes: number;
}

/**
 * Unpacks wanted entries out of segments into a target, whatever else is in them. Split files stay open from segment to segment, so the segments of one
 * snapshot have to come in the order of their numbers; which of them come does not matter.
 */
export class Unpacker {
  readonly #target: TreeWriter;
  readonly #split = new Map<string, SplitFile>();

  constructor(target: TreeWriter) {
    this.#target = target;
  }

  /** Opens one segment. Every piece of content is compared with its hash in the catalog; a file that differs gets no name. */
  open(task: SegmentTask): SegmentOpened {
    const pass = new SegmentPass(task, this.#target, this.#split);
    const tar = new TarReader(pass, { ...(task.continued ? { continuedBytes: task.continued.lengthBytes } : {}) });
    const unframer = createZstdUnframer({ sink: (content) => { tar.push(content); } });
    const opener = createSegmentOpener(task.sessionKey, (plain) => { unframer.push(plain); });
    const fd = openSync(task.path, "r");
    const buffer = Buffer.allocUnsafe(readBytes);
    try {
      pass.begin();
      for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) opener.push(buffer.subarray(0, got));
      opener.finish();
      unframer.finish();
      tar.finish();
      return pass.finish();
    } catch (error) {
      pass.abandon();
      throw error;
    } finally {
      closeSync(fd);
    }
  }

  /** Files whose other pieces never came. */
  abandonSplit(): readonly OpenProblem[] {
    const problems: OpenProblem[] = [];
    for (const [key, { writer }] of this.#split) {
      writer.abandon();
      const path = Buffer.from(key, "latin1");
      problems.push({ severity: "err", code: "PIECE_MISSING", path, text: `${printable(path)}: a part of its content could not be had; it was not restored` });
    }
    this.#split.clear();
    return problems;
  }
}

/** What is being unpacked at the moment. */
interface Current {
  readonly wanted: WantedEntry;
  readonly key: string;
  readonly writer: FileWriter;
  readonly hash: Hash;
  offsetBytes: number;
}

class SegmentPass implements TarHandler {
  readonly #task: SegmentTask;
  readonly #target: TreeWriter;
  readonly #split: Map<string, SplitFile>;
  readonly #wanted: ReadonlyMap<string, WantedEntry>;
  readonly #problems: OpenProblem[] = [];
  #current: Current | undefined;
  #entries = 0;
  #contentBytes = 0;

  constructor(task: SegmentTask, target: TreeWriter, split: Map<string, SplitFile>) {
    this.#task = task;
    this.#target = target;
    this.#split = split;
    this.#wanted = new Map(task.wanted.map((entry) => [keyOf(entry.path), entry]));
  }

  /** Takes up the file that goes on from the segment before. */
  begin(): void {
    const { continued } = this.#task;
    if (!continued) return;
    const key = keyOf(continued.path);
    const wanted = this.#wanted.get(key);
    const file = this.#split.get(key);
    if (wanted?.piece && file) this.#current = { wanted, key, writer: file.writer, hash: createHash("sha256"), offsetBytes: wanted.piece.offsetBytes };
  }

  entry(entry: TarEntry): void {
    const key = keyOf(entry.path);
    const wanted = this.#wanted.get(key);
    if (!wanted) return;
    const named = {
      ...entry,
      ...(wanted.as === undefined ? {} : { path: wanted.as }),
      ...(wanted.linkTo === undefined ? {} : { linkTarget: wanted.linkTo }),
    };
    if (entry.type !== "file") {
      if (this.#target.add(named) === "made") this.#entries += 1;
      return;
    }
    const writer = this.#target.beginFile(named);
    if (!writer) return;
    this.#current = { wanted, key, writer, hash: createHash("sha256"), offsetBytes: 0 };
  }

  data(chunk: Uint8Array): void {
    const current = this.#current;
    if (!current) return;
    current.hash.update(chunk);
    current.writer.writeStored(current.offsetBytes, chunk);
    current.offsetBytes += chunk.length;
    this.#contentBytes += chunk.length;
  }

  /** The end of an entry's content, or of what of it is in this segment. */
  end(): void {
    const current = this.#current;
    this.#current = undefined;
    if (!current) return;
    const { wanted, key, writer } = current;
    if (!this.#isGenuine(current)) {
      writer.abandon();
      this.#split.delete(key);
      this.#problem("err", "CONTENT_DIFFERS", wanted.path, "its content is not what was archived; it was not restored");
      return;
    }
    const lengthBytes = wanted.piece?.lengthBytes ?? 0;
    const file = this.#split.get(key) ?? { writer, missingBytes: wanted.storedBytes };
    file.missingBytes -= lengthBytes;
    if (file.missingBytes > 0) {
      this.#split.set(key, file);
      return;
    }
    this.#split.delete(key);
    if (!writer.complete()) return;
    this.#entries += 1;
    if (wanted.condition === "changed") {
      this.#problem("warn", "ENTRY_CHANGED", wanted.path, "it changed while it was archived; what was read then is restored");
    }
  }

  finish(): SegmentOpened {
    // A file that goes on in the next segment ends here without an end.
    this.end();
    return { entries: this.#entries, contentBytes: this.#contentBytes, problems: this.#problems };
  }

  abandon(): void {
    if (this.#current) this.#split.delete(this.#current.key);
    this.#current?.writer.abandon();
    this.#current = undefined;
  }

  #isGenuine({ wanted, hash, offsetBytes }: Current): boolean {
    const { piece } = wanted;
    if (!piece) return offsetBytes === 0;
    return offsetBytes === piece.offsetBytes + piece.lengthBytes && Buffer.compare(hash.digest(), piece.sha256) === 0;
  }

  #problem(severity: OpenProblem["severity"], code: string, path: Uint8Array, text: string): void {
    this.#problems.push({ severity, code, path, text: `${printable(path)}: ${text}` });
  }
}

function keyOf(path: Uint8Array): string {
  return Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString("latin1");
}
