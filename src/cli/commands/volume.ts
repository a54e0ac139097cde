import { resolve } from "node:path";
import type { VolumePlace } from "../../operations/index.ts";
import { printable, StrongroomError } from "../../words/index.ts";
import {
  identityDocument,
  identityText,
  movementColumns,
  placedVolumeColumns,
  plural,
  table,
  verifyFindingColumns,
  verifyFindingDocument,
  volumeDetailsDocument,
  volumeDocument,
  volumeFacts,
} from "../views/index.ts";
import type { Typed } from "./call.ts";
import type { ArgumentRecord, Command, OptionRecord } from "./command.ts";
import { volumeInit } from "./volume-init.ts";

const barcodeOrFolder: readonly [ArgumentRecord, OptionRecord] = [
  { name: "BARCODE", summary: "a cartridge in a library or known to the records", optional: true, names: "cartridge" },
  { flags: "--folder DIR", summary: "a volume in any folder, known or not" },
];

const list: Command = {
  noun: "volume",
  verb: "list",
  summary: "list the volumes and where they are",
  examples: [{ line: "strongroom volume list", what: "barcode, pool, state, fill, place" }],
  async run({ answer, operations, units }) {
    const volumes = await (await operations()).volume.list();
    answer.document({ volumes: volumes.map(volumeDocument) }, () => { answer.table(table(placedVolumeColumns, volumes, units)); });
    if (volumes.length === 0) answer.next("strongroom volume init BARCODE --pool POOL");
  },
};

const show: Command = {
  noun: "volume",
  verb: "show",
  summary: "show what the records know of a volume: state, copies, movements",
  arguments: [{ name: "BARCODE", summary: "the cartridge", names: "cartridge" }],
  examples: [
    { line: "strongroom volume show SR0001L8", what: "state, copies, movements" },
    { line: "strongroom volume show SR0001L8 --json", what: "also every object with its hash" },
  ],
  async run({ typed, answer, operations, units }) {
    const details = await (await operations()).volume.show(typed.required("BARCODE"));
    answer.document(volumeDetailsDocument(details), () => {
      answer.facts(volumeFacts(details, units));
      if (details.movements.length > 0) answer.table(table(movementColumns, details.movements, units));
    });
  },
};

const identify: Command = {
  noun: "volume",
  verb: "identify",
  summary: "read what a medium says of itself",
  details: "Changes nothing. Works for blank media, media of other programs, and volumes of other appliances as well.",
  arguments: [barcodeOrFolder[0]],
  options: [barcodeOrFolder[1]],
  examples: [
    { line: "strongroom volume identify SR0001L8", what: "a cartridge in a library" },
    { line: "strongroom volume identify --folder /media/usb", what: "a USB disk" },
  ],
  async run({ typed, answer, operations }) {
    const where = placeTyped(typed);
    const identity = await (await operations()).volume.identify(where);
    answer.document({ ...where, ...identityDocument(identity) }, () => { answer.line(`${placeText(where)}: ${identityText(identity)}`); });
    if (identity.kind === "volume" && identity.signature === "bad") answer.exitWith("mismatch");
  },
};

const verify: Command = {
  noun: "volume",
  verb: "verify",
  summary: "read a volume whole and compare every object with its seal, its manifest and the records",
  details: "Needs no secret. The exit code is 7 when anything is not as it was written; each finding says what to do.",
  arguments: [barcodeOrFolder[0]],
  options: [barcodeOrFolder[1]],
  examples: [
    { line: "strongroom volume verify SR0001L8", what: "a cartridge in a library" },
    { line: "strongroom volume verify --folder /media/usb", what: "a USB disk" },
  ],
  async run({ typed, answer, operations, units, job }) {
    const where = placeTyped(typed);
    const open = await operations();
    const result = await job((options) => open.volume.verify(where, options));
    const document = {
      ...where,
      objects: result.objects,
      read_bytes: result.readBytes,
      findings: result.findings.map(verifyFindingDocument),
    };
    answer.result(result, document, () => {
      if (result.findings.length > 0) answer.table(table(verifyFindingColumns, result.findings, units));
      answer.line(`${placeText(where)}: ${plural(result.objects, "object")} read, ${units.bytes(result.readBytes)}; ${findingsText(result.findings.length)}`);
    });
    if (result.findings.some(({ severity }) => severity === "err" || severity === "fatal")) answer.exitWith("mismatch");
  },
};

function findingsText(findings: number): string {
  return findings === 0 ? "everything is as it was written" : plural(findings, "finding");
}

function placeTyped(typed: Typed): VolumePlace {
  const barcode = typed.argument("BARCODE");
  const folder = typed.option("--folder");
  if (barcode !== undefined && folder === undefined) return { barcode };
  if (folder !== undefined && barcode === undefined) return { folder: resolve(folder) };
  throw new StrongroomError("usage", "PLACE_INVALID", "name one volume: either a barcode or --folder DIR", { hint: "see --help for examples" });
}

function placeText(where: VolumePlace): string {
  return printable("barcode" in where ? where.barcode : where.folder);
}

export const volumeCommands: readonly Command[] = [volumeInit, list, show, identify, verify];
