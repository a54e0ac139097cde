import { resolve } from "node:path";
import type { Operations, VolumePlace } from "../../operations/index.ts";
import type { VolumeRecord } from "../../records/index.ts";
import { asStrongroomError, printable, StrongroomError } from "../../words/index.ts";
import { sizeBytes } from "../reading/index.ts";
import { identityText, plural, volumeDocument } from "../views/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";

type InitRequest = Parameters<Operations["volume"]["init"]>[0];

export const volumeInit: Command = {
  noun: "volume",
  verb: "init",
  summary: "make a new volume on a cartridge or in a folder",
  details:
    "A medium that is not blank is never written over by itself: at a terminal the command shows what would be lost and asks for the barcode; " +
    "a script gives --overwrite BARCODE. Where the only good copy of anything would be lost, --lose-only-copies must be given as well.",
  arguments: [{ name: "BARCODE", summary: "the cartridge; for a folder, the barcode on its label", names: "cartridge" }],
  options: [
    { flags: "--pool POOL", summary: "the pool it will belong to", required: true, names: "pool" },
    { flags: "--folder DIR", summary: "of a folder pool: where the volume is made" },
    { flags: "--capacity SIZE", summary: "how much of a folder may be used", otherwise: "all that is free" },
    { flags: "--overwrite BARCODE", summary: "write over what is on it; the same barcode again confirms it", names: "cartridge" },
    { flags: "--lose-only-copies", summary: "also where the only good copy of something would be lost" },
  ],
  examples: [
    { line: "strongroom volume init SR0001L8 --pool onsite", what: "a blank cartridge in a library" },
    { line: "strongroom volume init USB001 --pool usb --folder /media/usb --capacity 200GiB", what: "a folder" },
    { line: "strongroom volume init SR0001L8 --pool onsite --overwrite SR0001L8", what: "write over an old volume, from a script" },
  ],
  async run(call) {
    const { typed, answer } = call;
    const operations = await call.operations();
    const request = requestTyped(call);
    const volume = typed.option("--overwrite") === undefined
      ? await initAsking(call, operations, request)
      : await overwrite(call, operations, request, typed.needed("--overwrite"));
    if (volume === undefined) return;
    answer.document(volumeDocument(volume), () => {
      answer.line(`${printable(volume.barcode)}: new volume ${volume.uuid} in pool ${printable(volume.pool)}, ${volume.state}`);
    });
  },
};

function requestTyped({ typed }: Call): InitRequest {
  const folder = typed.option("--folder");
  const capacity = typed.option("--capacity");
  return {
    barcode: typed.required("BARCODE"),
    pool: typed.needed("--pool"),
    ...(folder === undefined ? {} : { folder: resolve(folder) }),
    ...(capacity === undefined ? {} : { capacityBytes: sizeBytes(capacity, "--capacity") }),
  };
}

/** Tries without overwriting. The medium itself decides whether it is blank: only then is there something to ask. */
async function initAsking(call: Call, operations: Operations, request: InitRequest): Promise<VolumeRecord | undefined> {
  try {
    return await operations.volume.init(request);
  } catch (thrown) {
    const error = asStrongroomError(thrown);
    if (error.code !== "MEDIUM_NOT_BLANK") throw thrown;
    if (!call.ask.possible) {
      throw new StrongroomError(error.kind, error.code, error.message, {
        severity: error.severity,
        hint: `to write over it, add: --overwrite ${printable(request.barcode)}`,
        cause: error,
      });
    }
    const typed = await call.ask.barcode(await whatWouldBeLost(operations, request), request.barcode, "--overwrite");
    return overwrite(call, operations, request, typed);
  }
}

async function overwrite(call: Call, operations: Operations, request: InitRequest, typed: string): Promise<VolumeRecord> {
  if (typed !== request.barcode) {
    throw new StrongroomError("usage", "BARCODE_DIFFERS", `${printable(typed)} is not the barcode of that cartridge, nothing was written`, {
      hint: `the cartridge is ${printable(request.barcode)}`,
    });
  }
  const onIt = await knownOn(operations, request.barcode);
  const loseOnlyCopies = call.typed.flag("--lose-only-copies");
  if (onIt !== undefined && onIt.onlyCopies > 0 && !loseOnlyCopies) {
    throw new StrongroomError(
      "denied",
      "ONLY_COPIES",
      `${printable(request.barcode)} holds the only good copy of ${plural(onIt.onlyCopies, "segment")}, nothing was written`,
      { hint: "make another copy first, or add --lose-only-copies to lose them for good" },
    );
  }
  return operations.volume.init({ ...request, overwrite: typed, loseOnlyCopies });
}

async function whatWouldBeLost(operations: Operations, request: InitRequest): Promise<readonly string[]> {
  const where: VolumePlace = request.folder === undefined ? { barcode: request.barcode } : { folder: request.folder };
  const lines = [`on it: ${identityText(await operations.volume.identify(where))}`];
  const onIt = await knownOn(operations, request.barcode);
  if (onIt === undefined) return [...lines, "the records know of no copies on it"];
  lines.push(`would be lost: ${plural(onIt.copies, "copy", "copies")}, ${String(onIt.onlyCopies)} of them without another good copy`);
  lines.push(onIt.elsewhere.length === 0 ? "no copies elsewhere" : `copies elsewhere: ${onIt.elsewhere.map(printable).join(", ")}`);
  return lines;
}

/** What the records know of copies on that cartridge; undefined where they do not know it at all. */
async function knownOn(operations: Operations, barcode: string): Promise<Awaited<ReturnType<Operations["volume"]["whatIsOn"]>> | undefined> {
  try {
    return await operations.volume.whatIsOn(barcode);
  } catch (thrown) {
    if (asStrongroomError(thrown).kind === "missing") return undefined;
    throw thrown;
  }
}
