import {
  identityDocument,
  identityText,
  movementColumns,
  placedVolumeColumns,
  table,
  verificationColumns,
  volumeDetailsDocument,
  volumeDocument,
  volumeFacts,
} from "../views/index.ts";
import type { Command } from "./command.ts";
import { duplicate } from "./volume-duplicate.ts";
import { migrate } from "./volume-migrate.ts";
import { volumeInit } from "./volume-init.ts";
import { barcodeOrFolder, placeText, placeTyped } from "./volume-place.ts";
import { due, verify } from "./volume-verify.ts";

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
      if (details.verifications.length > 0) answer.table(table(verificationColumns, details.verifications, units));
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

export const volumeCommands: readonly Command[] = [volumeInit, list, show, identify, verify, due, duplicate, migrate];
