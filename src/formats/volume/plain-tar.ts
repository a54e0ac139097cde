import { StrongroomError } from "../../words/index.ts";
import { ByteQueue } from "./byte-queue.ts";
import { maxMemberBytes } from "./limits.ts";
import type { ObjectStream } from "./object-stream.ts";

/*
 * The plain tars of a volume, bootstrap and trailer: regular files with short ASCII names and nothing else, as POSIX.1-1988
 * ustar has them (IEEE Std 1003.1-2017, pax, "ustar Interchange Format"), in records of 20 blocks. So little of tar is needed
 * that every tar program since 1988 agrees on every byte, and a reader of hostile media has nothing to expand, follow or guess.
 */

export const tarRecordBytes = 10_240;
const tarBlockBytes = 512;

export interface PlainMember extends ObjectStream {
  /** Letters, digits, `.`, `_`, `-`, and `/` between parts; at most 100. */
  readonly name: string;
  /** Permission bits; 0644 unless told. */
  readonly mode?: number;
}

/** What a reader meets. `content` must be taken, wholly or not at all, before the next member is asked for. */
export interface FoundMember {
  readonly name: string;
  readonly sizeBytes: number;
  content(): AsyncGenerator<Uint8Array>;
}

const namePattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** A tar whose every byte follows from the members and `mtimeMs`. */
export function packPlainTar(members: readonly PlainMember[], mtimeMs: number): ObjectStream {
  const headers = members.map((member) => encodeHeader(member, mtimeMs));
  const usedBytes = members.reduce((sum, member) => sum + tarBlockBytes + padded(member.sizeBytes), 2 * tarBlockBytes);
  const sizeBytes = Math.ceil(usedBytes / tarRecordBytes) * tarRecordBytes;
  return {
    sizeBytes,
    async *chunks() {
      for (const [index, member] of members.entries()) {
        yield headers[index]!;
        yield* exactly(member);
        const paddingBytes = padded(member.sizeBytes) - member.sizeBytes;
        if (paddingBytes > 0) yield Buffer.alloc(paddingBytes);
      }
      yield Buffer.alloc(sizeBytes - usedBytes + 2 * tarBlockBytes);
    },
  };
}

/**
 * Reads such a tar. Anything else in it (links, extensions, names that lead elsewhere, a wrong checksum, a missing end) rejects
 * with `VOLUME_TAR_DAMAGED`; what was read before stands on its own. Memory: one chunk.
 */
export async function* readPlainTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FoundMember> {
  const queue = new ByteQueue(bytes);
  try {
    for (;;) {
      const block = await queue.take(tarBlockBytes);
      if (!block) throw damaged("it ends before its end mark");
      if (isZero(block)) {
        await restIsZero(queue);
        return;
      }
      const { name, sizeBytes } = decodeHeader(block);
      let leftBytes = sizeBytes;
      yield {
        name,
        sizeBytes,
        async *content() {
          while (leftBytes > 0) {
            const chunk = await queue.upTo(leftBytes);
            if (!chunk) throw damaged(`it ends inside ${name}`);
            leftBytes -= chunk.length;
            yield chunk;
          }
        },
      };
      const padding = (await queue.skip(leftBytes)) ? await queue.take(padded(sizeBytes) - sizeBytes) : undefined;
      if (!padding) throw damaged(`it ends inside ${name}`);
      if (!isZero(padding)) throw damaged(`there is something behind ${name}`);
    }
  } finally {
    await queue.close();
  }
}

async function* exactly(member: PlainMember): AsyncGenerator<Uint8Array> {
  let leftBytes = member.sizeBytes;
  for await (const chunk of member.chunks()) {
    leftBytes -= chunk.length;
    if (leftBytes < 0) break;
    yield chunk;
  }
  if (leftBytes !== 0) {
    throw new StrongroomError("internal", "MEMBER_SIZE_WRONG", `${member.name} is not of the size that was stated; nothing `
      + "was recorded");
  }
}

function encodeHeader(member: PlainMember, mtimeMs: number): Uint8Array {
  const { name, sizeBytes } = member;
  if (!namePattern.test(name) || name.length > 100) {
    throw new StrongroomError("internal", "MEMBER_NAME_WRONG", "a name does not fit a plain tar; nothing was written");
  }
  if (sizeBytes > maxMemberBytes) {
    throw new StrongroomError("internal", "MEMBER_TOO_LARGE", `${name} is too large for a plain tar; nothing was written`, {
      hint: "split it into several members",
    });
  }
  const block = Buffer.alloc(tarBlockBytes);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(value.toString(8).padStart(digits, "0"), at, "latin1");
  };
  block.write(name, 0, "latin1");
  octal(member.mode ?? 0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(Math.max(0, Math.floor(mtimeMs / 1000)), 136, 11);
  block.write("0", 156, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  block.write("root", 265, "latin1");
  block.write("root", 297, "latin1");
  octal(0, 329, 7);
  octal(0, 337, 7);
  block.write(checksumField(block), 148, "latin1");
  return block;
}

function decodeHeader(block: Uint8Array): { name: string; sizeBytes: number } {
  const text = Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString("latin1");
  const octal = (from: number, to: number): number => {
    const digits = /^ *([0-7]+)[ \0]*$/.exec(text.slice(from, to))?.[1];
    if (digits === undefined) throw damaged("a header has a number that is none");
    return Number.parseInt(digits, 8);
  };
  if (text.slice(148, 156) !== checksumField(block)) throw damaged("a header has a wrong checksum");
  const name = text.slice(0, 100).replace(/\0.*$/s, "");
  const prefixed = text[345] !== "\0" && text.startsWith("ustar\0", 257);
  if ((text[156] !== "0" && text[156] !== "\0") || prefixed || !namePattern.test(name)) {
    throw damaged("it has a member that a volume never has");
  }
  return { name, sizeBytes: octal(124, 136) };
}

/**
 * The sum of the header's bytes with its own field taken as spaces, in the one spelling that tar programs have always written.
 */
function checksumField(block: Uint8Array): string {
  let sum = 8 * 0x20;
  for (let at = 0; at < tarBlockBytes; at += 1) if (at < 148 || at >= 156) sum += block[at]!;
  return `${sum.toString(8).padStart(6, "0")}\0 `;
}

const padded = (sizeBytes: number): number => Math.ceil(sizeBytes / tarBlockBytes) * tarBlockBytes;

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Behind the end mark there is nothing but zeros up to the end of the record: any other bit was not written by us. */
async function restIsZero(queue: ByteQueue): Promise<void> {
  for (let restBytes = 0; ; ) {
    const rest = await queue.upTo(tarRecordBytes);
    if (!rest) return;
    restBytes += rest.length;
    if (restBytes > tarRecordBytes || !isZero(rest)) throw damaged("there is something behind its end mark");
  }
}

function damaged(why: string): StrongroomError {
  return new StrongroomError("mismatch", "VOLUME_TAR_DAMAGED", `a tar of the volume is damaged: ${why}; segments and seals `
    + "are not concerned", {
    hint: "use another copy, or restore from the segments with recover.sh",
  });
}
