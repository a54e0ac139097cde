import { iscsi } from "../../../src/scsi/index.ts";
import type { ParserUnderTest } from "./contract.ts";

const { layout } = iscsi;
const roomBytes = 256 * 1024;
const both = { header: true, data: true };
const layouts = [
  layout.nopOut, layout.scsiCommand, layout.taskManagement, layout.loginRequest, layout.textRequest, layout.dataOut, layout.logoutRequest, layout.snack, layout.nopIn,
  layout.scsiResponse, layout.taskManagementResponse, layout.loginResponse, layout.textResponse, layout.dataIn, layout.logoutResponse, layout.readyToTransfer,
  layout.asyncMessage, layout.reject, layout.sequence, layout.start,
] as const;

const loginText = iscsi.encodeText([
  ["InitiatorName", "iqn.2026-01.example:strongroom"], ["SessionType", "Normal"], ["AuthMethod", "CHAP,None"], ["HeaderDigest", "CRC32C,None"],
  ["MaxRecvDataSegmentLength", "262144"], ["FirstBurstLength", "65536"], ["DefaultTime2Wait", "2"], ["InitialR2T", "Yes"],
]);
const chapText = iscsi.encodeText([["CHAP_A", "5"], ["CHAP_I", "17"], ["CHAP_C", "0x0123456789abcdef0123456789abcdef"], ["CHAP_R", "0bAQIDBAUGBwg="]]);
const found = iscsi.encodeText([["TargetName", "iqn.2026-01.example:library"], ["TargetAddress", "192.0.2.7:3260,1"], ["TargetAddress", "[2001:db8::1]:3260,1"]]);

/** A stream of PDUs of each opcode, with and without digests. */
function streams(): readonly Uint8Array[] {
  return [iscsi.noDigests, both].flatMap((digests) => [loginText, chapText, found].map((data, at) =>
    Buffer.concat([0x00, 0x01, 0x03, 0x05, 0x20, 0x21, 0x23, 0x25, 0x31, 0x32].flatMap((opcode) => {
      const header = new Uint8Array(iscsi.headerBytes);
      header[0] = opcode;
      header[1] = 0x80;
      header[16 + at] = 1;
      return iscsi.frame(header, data, digests);
    }))));
}

function readStream(bytes: Uint8Array, digests: iscsi.Digests): void {
  let heldBytes = 0;
  const reader = new iscsi.PduReader({
    roomFor: (_header, dataBytes) => (dataBytes > roomBytes ? undefined : new Uint8Array(dataBytes)),
    received: ({ header, data }) => {
      for (const one of layouts) iscsi.parse(one, header);
      heldBytes += data.length;
      iscsi.senseInResponse(data);
      iscsi.decodeText(data);
    },
  });
  reader.setDigests(digests);
  for (let at = 0; at < bytes.length; at += 1000) reader.push(bytes.subarray(at, at + 1000));
  if (heldBytes > bytes.length) throw new RangeError("more data than was sent");
}

function readText(bytes: Uint8Array): void {
  const gatherer = new iscsi.TextGatherer(roomBytes);
  gatherer.add(bytes);
  for (const [key, value] of iscsi.decodeText(bytes) ?? []) {
    iscsi.numericValue(value);
    iscsi.decodeBinary(value, 1024);
    iscsi.isIscsiName(value);
    iscsi.parsePortal(value);
    if (iscsi.initialValue(key) !== undefined && iscsi.isWellFormed(key, value)) {
      iscsi.isOutcome(key, value, iscsi.answerTo(key, value, iscsi.initialValue(key)!));
    }
  }
}

/** What is read of a connection, by either side of it. */
export function networkParsers(luns: readonly Uint8Array[]): readonly ParserUnderTest[] {
  const inputs = 2000;
  return [
    { name: "iscsi pdus", samples: streams(), parse: (bytes) => { readStream(bytes, iscsi.noDigests); }, inputs },
    { name: "iscsi pdus with digests", samples: streams(), parse: (bytes) => { readStream(bytes, both); }, inputs },
    { name: "iscsi keys", samples: [loginText, chapText, found], parse: readText, inputs },
    { name: "iscsi units", samples: luns, parse: (bytes) => [iscsi.parseReportedLuns(bytes), iscsi.decodeLun(bytes.subarray(0, 8))], inputs },
  ];
}
