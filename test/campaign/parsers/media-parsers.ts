import { createSegmentOpener } from "../../../src/formats/message/index.ts";
import { readCertificate, readSessionKey, verifyClearSigned } from "../../../src/formats/openpgp/index.ts";
import { TarReader } from "../../../src/formats/tar/index.ts";
import {
  decodeCatalogLine, decodeLogLine, decodeRecordsLine, encodeRecordsLine, foreignContent, LineSplitter, objectRole, parseDescription, parseFolderObjectName,
  parseManifestText, parseSealText, parseTrailerMemberName, readBootstrap, readPlainTar, readSeal, readTrailer, streamOfBytes, type VerifiedText,
} from "../../../src/formats/volume/index.ts";
import { createZstdUnframer } from "../../../src/formats/zstd/index.ts";
import { systemClock } from "../../../src/words/index.ts";
import { noise, openAll, sealAll } from "../../formats/openpgp/messages.ts";
import type { ParserUnderTest } from "./contract.ts";
import { mediaSamples, type MediaSamples } from "./media-samples.ts";

const stepBytes = 4096;
const inPieces = (bytes: Uint8Array, push: (piece: Uint8Array) => void): void => {
  for (let at = 0; at < bytes.length; at += stepBytes) push(bytes.subarray(at, at + stepBytes));
};
const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
/** What was signed; the signature is no business of the parsers behind it. */
const unsigned = (signed: Uint8Array): string => /^-----BEGIN[^\n]*\n(?:[A-Z][^\n]*\n)*\n(.*)\n-----BEGIN PGP SIG/s.exec(text(signed))?.[1] ?? text(signed);
const asIs = (signed: string): Promise<VerifiedText> => Promise.resolve({ text: unsigned(Buffer.from(signed)), signer: "0".repeat(40) });

function readTar(bytes: Uint8Array, resynchronise: boolean): void {
  let contentBytes = 0;
  const reader = new TarReader({
    entry: () => undefined, data: (chunk) => { contentBytes += chunk.length; }, end: () => undefined, damage: () => undefined,
  }, { resynchronise });
  inPieces(bytes, (piece) => { reader.push(piece); });
  reader.finish();
  if (contentBytes > bytes.length) throw new RangeError("more content than there were bytes");
}

async function readMembers(bytes: Uint8Array): Promise<void> {
  for await (const { content } of readPlainTar(streamOfBytes(bytes).chunks())) for await (const _ of content());
}

function guess(bytes: Uint8Array): void {
  objectRole(bytes);
  foreignContent(bytes);
  parseFolderObjectName(text(bytes.subarray(0, 100)));
  parseTrailerMemberName(text(bytes.subarray(0, 100)));
}

/** Bytes of packets whose key we have, and those of GnuPG's own partial lengths. */
function messages(): readonly Uint8Array[] {
  return (["mdc", "ocb"] as const).flatMap((cipher) => [100, 70_000].map((sizeBytes) => sealAll({ cipher, plain: [noise(sizeBytes)] }).message));
}

const anyUuid = "0e0e0e0e-0000-4000-8000-000000000001";
/** The sample volume is older than records on volumes. */
const recordsLines: readonly Uint8Array[] = ([
  { line: "archive", archive: anyUuid, name: "docs", policy: { pools: ["vault"] } },
  {
    line: "snapshot", archive: anyUuid, snapshot: 1, started_ms: 1, finished_ms: 2, entries: 3, content_bytes: 4, new_entries: 3, new_content_bytes: 4, sealed_bytes: 5,
    troubled_entries: 0,
  },
  { line: "pool", name: "vault", policy: { kind: "tape", library: "vtl" } },
  {
    line: "volume", volume: anyUuid, barcode: "SR0001L8", pool: "vault", medium: "tape", place: "vtl", capacity_bytes: 1, block_size_bytes: 2, created_ms: 3,
    state: "open", objects: 4, bytes_written: 5, verified_ms: null,
  },
] as const).map((line) => Buffer.from(encodeRecordsLine(line).trimEnd()));

function openingOf(key: MediaSamples["key"]): ParserUnderTest["parse"] {
  return async (bytes) => { createSegmentOpener(await readSessionKey(bytes, [key]), () => undefined).abandon(); };
}

/** What is read of tapes, folders and whatever somebody put in their place. */
export async function mediaParsers(): Promise<readonly ParserUnderTest[]> {
  const samples = await mediaSamples();
  const certificates = await Promise.all(samples.certificates.map(async (bytes) => await readCertificate(bytes, systemClock)));
  const seals = samples.seals.map((seal) => Buffer.from(unsigned(seal)));
  const manifests = samples.manifests.map((manifest) => Buffer.from(unsigned(manifest)));
  const ofKind = (kind: string): readonly Uint8Array[] => samples.lines.get(kind) ?? [];
  return [
    { name: "tar", samples: samples.tars, inputs: 300, parse: (bytes) => { readTar(bytes, false); } },
    { name: "tar behind damage", samples: samples.tars, inputs: 300, parse: (bytes) => { readTar(bytes, true); } },
    { name: "plain tar", samples: [samples.bootstrap, ...samples.trailers], inputs: 300, parse: readMembers },
    { name: "zstd frames", samples: samples.frames, inputs: 300, parse: (bytes) => {
      const unframer = createZstdUnframer({ sink: () => undefined });
      inPieces(bytes, (piece) => { unframer.push(piece); });
      unframer.finish();
    } },
    { name: "openpgp message", samples: messages(), inputs: 200, parse: (bytes) => openAll(bytes, stepBytes) },
    { name: "openpgp recipients", samples: samples.segments, inputs: 50, parse: openingOf(samples.key) },
    { name: "openpgp certificate", samples: samples.certificates, inputs: 50, parse: async (bytes) => await readCertificate(bytes, systemClock) },
    { name: "clear-signed text", samples: [...samples.seals, ...samples.manifests], inputs: 100, parse: async (bytes) => await verifyClearSigned(bytes, certificates) },
    { name: "seal", samples: seals, inputs: 2000, parse: (bytes) => parseSealText(text(bytes)) },
    { name: "seal object", samples: samples.seals, inputs: 1000, parse: async (bytes) => await readSeal(bytes, asIs) },
    { name: "manifest", samples: manifests, inputs: 1000, parse: (bytes) => parseManifestText(text(bytes)) },
    { name: "volume.json", samples: [samples.description], inputs: 1000, parse: (bytes) => parseDescription(text(bytes)) },
    { name: "bootstrap", samples: [samples.bootstrap], inputs: 200, parse: async (bytes) => await readBootstrap(streamOfBytes(bytes).chunks(), asIs) },
    { name: "trailer", samples: samples.trailers, inputs: 200, parse: async (bytes) =>
      await readTrailer(streamOfBytes(bytes).chunks(), asIs, async ({ content }) => { for await (const _ of content()); }) },
    { name: "catalog line", samples: ofKind("catalog"), inputs: 2000, parse: (bytes) => decodeCatalogLine(text(bytes)) },
    { name: "log line", samples: ofKind("log"), inputs: 2000, parse: (bytes) => decodeLogLine(text(bytes)) },
    { name: "records line", samples: recordsLines, inputs: 2000, parse: (bytes) => decodeRecordsLine(text(bytes)) },
    { name: "lines", samples: ofKind("catalog"), inputs: 1000, parse: (bytes) => {
      const lines = new LineSplitter();
      inPieces(bytes, (piece) => { lines.push(piece); });
      lines.finish();
    } },
    { name: "first bytes", samples: [samples.bootstrap, ...samples.segments, ...samples.seals].map((bytes) => bytes.subarray(0, 1024)), inputs: 5000, parse: guess },
  ];
}
