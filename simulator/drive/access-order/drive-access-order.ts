import type { ScsiCommand } from "../../../src/scsi/index.ts";
import type { Geometry } from "../../time/index.ts";
import { answer, be16, be32, be64, check, field, good, invalidField, type Outcome, type SenseFields, senses } from "../../wire/index.ts";
import { shortestOrder } from "./shortest.ts";

/** As LTO-9 full height says of itself. */
const mostSegments = 2730;
const headBytes = 8;
const descriptorBytes = 32;
const processes = { asGiven: 0, reordered: 2 } as const;

/** Where things are on the tape that is in the drive. */
export interface TapeMap {
  /** Of each partition, blocks and filemarks: the number of the end of data. */
  readonly objectCounts: readonly number[];
  /** Where that object lies, in bytes of the whole tape. */
  bytesBefore(objectNumber: number, partition: number): number;
  /** Where the head stands, in the same bytes. */
  readonly headBytes: number;
  readonly geometry: Geometry;
}

interface Segment {
  readonly descriptor: Uint8Array;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

/** Recommended access order (SSC-5, 7.5 and 7.6): one list for each path, until the cartridge is let go of. */
export class DriveAccessOrder {
  readonly #lists = new Map<string, { readonly process: number; readonly descriptors: readonly Uint8Array[] }>();

  /** GENERATE RECOMMENDED ACCESS ORDER. */
  generate(nexus: string, { cdb, dataOut }: ScsiCommand, map: TapeMap): Outcome {
    const process = cdb[2]! & 0x07;
    if (process !== processes.asGiven && process !== processes.reordered) return check(invalidField(2));
    if ((cdb[3]! & 0x07) !== 0) return check(invalidField(3));
    const list = (dataOut ?? new Uint8Array(0)).subarray(0, be32(cdb, 6));
    const segments = parseSegments(list, map.objectCounts);
    if ("key" in segments) return check(segments);
    const order = process === processes.reordered ? orderOf(segments, map) : segments.map((_, index) => index);
    this.#lists.set(nexus, { process, descriptors: order.map((index) => segments[index]!.descriptor) });
    return good;
  }

  /** RECEIVE RECOMMENDED ACCESS ORDER: the limits, or the list from an offset on. */
  receive(nexus: string, command: ScsiCommand): Outcome {
    const { cdb } = command;
    const allocationBytes = be32(cdb, 6);
    if ((cdb[10]! & 0x07) !== 0) return check(invalidField(10));
    if ((cdb[1]! & 0x80) !== 0) return answer(command, [...field(mostSegments, 2), ...field(descriptorBytes, 2)], allocationBytes);
    const list = this.#lists.get(nexus);
    const offset = be32(cdb, 2);
    const body = Buffer.concat(list?.descriptors ?? []);
    if (offset > 0 && offset > body.length) return check(invalidField(2));
    const head = Buffer.from([list?.process ?? 0, 0, 0, 0, ...field(body.length, 4)]);
    return answer(command, Buffer.concat([head, body.subarray(offset)]), allocationBytes);
  }

  /** The cartridge is gone, or the drive began anew. */
  clear(): void {
    this.#lists.clear();
  }

  departed(nexus: string): void {
    this.#lists.delete(nexus);
  }
}

function parseSegments(list: Uint8Array, objectCounts: readonly number[]): readonly Segment[] | SenseFields {
  if (list.length < headBytes || be32(list, 4) !== list.length - headBytes || (list.length - headBytes) % descriptorBytes !== 0) {
    return senses.parameterListLength;
  }
  const segments: Segment[] = [];
  for (let at = headBytes; at < list.length; at += descriptorBytes) {
    const descriptor = list.slice(at, at + descriptorBytes);
    const partition = descriptor[15]!;
    const [first, last] = [be64(descriptor, 16), be64(descriptor, 24)];
    const isKnown = be16(descriptor, 0) === descriptorBytes - 2 && first <= last && last < (objectCounts[partition] ?? 0);
    if (!isKnown || segments.length === mostSegments) return senses.invalidParameter;
    segments.push({ descriptor, partition, first, last });
  }
  return segments;
}

function orderOf(segments: readonly Segment[], { bytesBefore, headBytes, geometry }: TapeMap): readonly number[] {
  const starts = segments.map(({ partition, first }) => geometry.placeOf(bytesBefore(first, partition)));
  const ends = segments.map(({ partition, last }) => geometry.placeOf(bytesBefore(last + 1, partition)));
  const here = geometry.placeOf(headBytes);
  return shortestOrder(segments.length, (before, after) => geometry.searchMs(before < 0 ? here : ends[before]!, starts[after]!));
}
